import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Dependencies } from './dependencies.ts';

/** What the app tells about itself in `/health/ready` and to the gateway's status question. */
export interface SelfReport {
  leader?: boolean;
  /** one sentence for people: why nothing happens, who leads */
  note?: string;
  details: Record<string, string | number | boolean | null>;
}

/** Handed to each app's `createModule`. */
export interface ServiceContext<C> {
  app: string;
  replica: string;
  config: Readonly<C>;
  log: Logger;
  metrics: Registry;
  dependencies: Dependencies;
  /** the app sets this to describe itself; called at each question */
  report: { current: () => SelfReport };
}
