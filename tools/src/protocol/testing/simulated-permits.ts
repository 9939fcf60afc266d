import type { PermitRequest, Permits } from '@discador/redis/permits';
import type { Outside } from './outside.ts';
import type { Process } from './process.ts';

/** Permits without limits, granted for as many as luck has it: how many calls at once is not what is tested here. */
export function simulatedPermits(outside: Outside, process: Process): Permits {
  const nothing = async (): Promise<undefined> => undefined;
  return {
    acquire: ({ attemptIds }: PermitRequest) => outside.ask(process, 'acquire permits', (luck) => attemptIds.length - (luck % attemptIds.length)),
    giveBack: nothing,
    release: nothing,
    ready: () => outside.ask(process, 'permits ready', () => true),
    sweep: async (_campaigns: string[], _trunks: string[], readOpen: () => Promise<Set<string>>) => (await readOpen(), 0),
  } as unknown as Permits;
}
