import { createHash } from 'node:crypto';

/** One process that shall run, completely described: two equal specs need no restart. */
export type ProcessSpec = {
  /** unique in the stack and the name of its log file */
  id: string;
  kind: 'server' | 'pbx' | 'service';
  name: string;
  replica: number;
  /** started low to high, stopped high to low */
  rank: number;
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  runAs: { uid: number; gid: number } | null;
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** killed when still there after this long */
  stopTimeoutMs: number;
  /** removed before each start: what a killed predecessor left */
  leftovers: string[];
  /** hash of files that the process reads at start */
  configHash: string;
};

/** Ranks: a service needs the PBX and the servers, RabbitMQ needs epmd. */
export const RANK = { epmd: 0, server: 1, pbx: 2, service: 3 } as const;

/** Equal exactly when a running process need not be replaced. */
export function fingerprint(spec: ProcessSpec): string {
  const { argv, env, cwd, runAs, configHash } = spec;
  return createHash('sha256').update(JSON.stringify([argv, Object.entries(env).sort(), cwd, runAs, configHash])).digest('hex');
}
