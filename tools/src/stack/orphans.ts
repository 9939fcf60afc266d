import { type State, stateSchema } from './desired.ts';
import { type Home, homeMark, readJson } from './home.ts';
import { findMarked, isSameAlive, signal, until } from './processes.ts';

const GRACE_MS = { service: 30_000, pbx: 15_000, server: 20_000 } as const;

/** Ends what a supervisor that was killed left running: services, then PBXs, then servers, then anything that still
 *  carries the mark of this home. Must not be called while a supervisor lives.
 *  @returns how many processes there were */
export async function stopOrphans(home: Home): Promise<number> {
  const recorded = readJson(home.stateFile, stateSchema)?.processes ?? [];
  let count = 0;
  for (const kind of ['service', 'pbx', 'server'] as const) {
    count += await stopAll(recorded.filter((one) => one.kind === kind), GRACE_MS[kind]);
  }
  const marked = findMarked(homeMark(home.dir));
  for (const { pid } of marked) signal(pid, 'SIGKILL');
  await until(() => !marked.some(isSameAlive), 3_000);
  return count + marked.length;
}

async function stopAll(processes: State['processes'], graceMs: number): Promise<number> {
  const alive = processes.flatMap(({ name, process: known }) => (known && isSameAlive(known) ? [{ name, known }] : []));
  for (const { name, known } of alive) signal(known.pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  await until(() => !alive.some(({ known }) => isSameAlive(known)), graceMs);
  for (const { known } of alive) signal(-known.pid, 'SIGKILL');
  await until(() => !alive.some(({ known }) => isSameAlive(known)), 3_000);
  return alive.length;
}
