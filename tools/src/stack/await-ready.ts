import { execFile } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Home } from './home.ts';
import { EXIT, StackError } from './stack-error.ts';
import { type StackStatus, liveState, readStatus } from './status.ts';

const run = promisify(execFile);
/** A server that is given by its URL should be there already. */
const GIVEN_MS = 15_000;
const LOOK_MS = 100;
const HOPELESS_FAILURES = 5;
const TAIL_BYTES = 2_000;

export type Part = 'servers' | 'pbx' | 'services';

/** Waits until the supervisor carries out `generation` and every process of `parts` is ready.
 *  @throws StackError at once when one keeps dying or has wrong settings, else after `timeoutMs`; it names who is not
 *  ready, with the end of the log */
export async function awaitReady(home: Home, generation: number, parts: Part[], timeoutMs: number): Promise<void> {
  const began = performance.now();
  const end = began + timeoutMs;
  for (;;) {
    const status = await readStatus(home);
    if (status.generation >= generation && status.settled) {
      failEarly(home, status, parts);
      const late = notReady(status, parts);
      if (late.length === 0) break;
      const onlyGiven = late.every(({ given }) => given);
      if (performance.now() > (onlyGiven ? began + GIVEN_MS : end)) throw tooLate(home, late);
    } else if (performance.now() > end) {
      throw new StackError(`The supervisor did not get that far: see ${join(home.logDir, 'supervisor.log')}`, EXIT.failed);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (parts.includes('pbx')) await awaitBooted(await readStatus(home));
}

type Late = { id: string; given: boolean; waitingFor: string[] };

function notReady(status: StackStatus, parts: Part[]): Late[] {
  const servers = parts.includes('servers') ? status.servers.map(({ name, ready, given }) => ({ id: name, ready, given, waitingFor: [] })) : [];
  const pbx = parts.includes('pbx') ? status.pbx.map(({ name, ready, given }) => ({ id: name, ready, given, waitingFor: [] })) : [];
  const services = parts.includes('services')
    ? status.services.map(({ name, replica, ready, waitingFor }) => ({ id: `${name}-${replica}`, ready, given: false, waitingFor }))
    : [];
  return [...servers, ...pbx, ...services].filter(({ ready }) => !ready);
}

const PART_OF = { server: 'servers', pbx: 'pbx', service: 'services' } as const;

function failEarly(home: Home, status: StackStatus, parts: Part[]): void {
  const problem = status.problems[0];
  if (problem) throw new StackError(problem, EXIT.config);
  const dead = (liveState(home)?.processes ?? []).filter((one) => parts.includes(PART_OF[one.kind]) && one.status === 'waiting');
  const misconfigured = dead.find(({ kind, lastExit }) => kind === 'service' && lastExit === `exit code ${EXIT.config}`);
  if (misconfigured) throw new StackError(`${misconfigured.id} refuses its settings`, EXIT.config, logTail(home, misconfigured.id));
  const dying = dead.find(({ failures }) => failures >= HOPELESS_FAILURES);
  if (dying) throw new StackError(`${dying.id} keeps ending (${dying.lastExit})`, EXIT.failed, logTail(home, dying.id));
}

function tooLate(home: Home, late: Late[]): StackError {
  const names = late.map(({ id, given, waitingFor }) => {
    const about = given ? 'given by its URL, does not answer' : waitingFor.length > 0 ? `waits for ${waitingFor.join(', ')}` : '';
    return about ? `${id} (${about})` : id;
  });
  const own = late.find(({ given }) => !given);
  return new StackError(`Not ready in time: ${names.join(', ')}`, EXIT.away, own ? logTail(home, own.id) : '');
}

/** Modules are still loading when the interfaces answer. */
async function awaitBooted(status: StackStatus): Promise<void> {
  for (const { cli } of status.pbx) {
    const [program, ...args] = cli;
    if (program) await run(program, [...args, 'core waitfullybooted'], { timeout: 30_000 });
  }
}

function logTail(home: Home, id: string): string {
  try {
    const file = openSync(join(home.logDir, `${id}.log`), 'r');
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    closeSync(file);
    return buffer.toString('utf8').trim();
  } catch {
    return '';
  }
}
