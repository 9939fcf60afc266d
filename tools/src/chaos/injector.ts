import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { amqpAnswers, pbxAnswers, postgresAnswers, redisAnswers } from '../stack/probes.ts';
import { signal, until } from '../stack/processes.ts';
import type { StackStatus } from '../stack/stack.ts';
import type { Actors } from './actors.ts';
import { LEADERS, SERVERS, type PlannedFault } from './plan-faults.ts';
import { signalTree } from './process-tree.ts';
import type { SystemWires } from './system-wires.ts';
import type { Traffic } from './traffic.ts';
import type { Process, Server } from './types.ts';

/** Longer than the time-to-live of every lock. */
const STOPPED_MS = 6_000;
/** Longer than DIAL_BY allows. */
const DELAY_MS = 6_500;
const LEAST_IN_FLIGHT = 20;
const BACK_WITHIN_MS = 60_000;
const ASTERISK_ID = 'pbx1';

/** What was done, and to whom. */
export interface Injected {
  at: number;
  pid: number | null;
  signal: string | null;
  leader: boolean;
  inFlight: number;
  detail: string | null;
  /** resolves when the fault itself is over: the server answers again, the stopped process goes on. @returns when a server was back */
  over: Promise<number | null>;
}

/** Does the damage. */
export class Injector {
  readonly #servers: StackStatus;
  readonly #actors: Actors;
  readonly #wires: SystemWires;
  readonly #traffic: Traffic;
  /** epoch ms: Asterisk died here, and answered again there */
  readonly pbxDeaths: number[] = [];
  readonly pbxBacks: number[] = [];

  /** @param servers the stack's own addresses, not the proxies' */
  constructor(servers: StackStatus, actors: Actors, wires: SystemWires, traffic: Traffic) {
    this.#servers = servers;
    this.#actors = actors;
    this.#wires = wires;
    this.#traffic = traffic;
  }

  /** Waits until the target is active with enough calls in flight, and strikes.
   *  @returns null when that did not come to pass within `withinMs`, and nothing was done */
  async inject(fault: PlannedFault, withinMs: number): Promise<Injected | null> {
    const [who = '', wire] = fault.target.split('->') as [Process | Server, Server | undefined];
    let done: Injected | null = null;
    await until(async () => {
      if (this.#traffic.inFlight < LEAST_IN_FLIGHT) return false;
      done = await (SERVERS.includes(who as Server) ? this.#atServer(fault, who as Server) : this.#atProcess(fault, who as Process, wire));
      return done !== null;
    }, withinMs, 200);
    return done;
  }

  async #atProcess({ kind }: PlannedFault, who: Process, wire: Server | undefined): Promise<Injected | null> {
    const actor = await this.#actors.pick(who);
    if (!actor?.active) return null;
    const { pid, replica } = actor;
    const base = { at: Date.now(), pid, leader: LEADERS.includes(who), inFlight: this.#traffic.inFlight, signal: null, detail: `replica ${replica}`, over: Promise.resolve(null) };
    if (kind === 'kill' || kind === 'restart') {
      const name = kind === 'kill' ? 'SIGKILL' : 'SIGTERM';
      signal(pid, name);
      return { ...base, signal: name };
    }
    if (kind === 'stop') {
      signal(pid, 'SIGSTOP');
      return { ...base, signal: 'SIGSTOP', over: sleep(STOPPED_MS).then(() => (signal(pid, 'SIGCONT'), null)) };
    }
    const server = wire ?? 'asterisk';
    const hit = kind === 'cut' ? this.#wires.cut(server, pid) : kind === 'half-open' ? this.#wires.freeze(server, pid) : this.#wires.delay(DELAY_MS, pid);
    return hit === 0 ? null : { ...base, detail: `replica ${replica}, ${hit} connections` };
  }

  async #atServer({ kind }: PlannedFault, server: Server): Promise<Injected | null> {
    const pid = this.#actors.pidOf(server === 'asterisk' ? ASTERISK_ID : server);
    if (pid === null || !(await this.#answers(server))) return null;
    const base = { at: Date.now(), pid, leader: false, inFlight: this.#traffic.inFlight, signal: null, detail: null };
    switch (kind) {
      case 'kill':
      case 'restart': {
        const name = kind === 'kill' ? 'SIGKILL' : server === 'postgres' ? 'SIGINT' : 'SIGTERM'; // PostgreSQL's SIGTERM waits for clients
        signal(pid, name);
        if (server === 'asterisk') this.#onPbxDeath(base.at);
        return { ...base, signal: name, over: this.#backAgain(server, pid) };
      }
      case 'stop':
        signalTree(pid, 'SIGSTOP');
        return { ...base, signal: 'SIGSTOP', over: sleep(STOPPED_MS).then(() => (signalTree(pid, 'SIGCONT'), Date.now())) };
      case 'flush':
        await flushAll(this.#servers.redisUrl ?? '');
        return { ...base, over: Promise.resolve(Date.now()) };
      default: {
        const hit = kind === 'cut' ? this.#wires.cut(server, null) : this.#wires.freeze(server, null);
        return { ...base, detail: `${hit} connections`, over: Promise.resolve(Date.now()) };
      }
    }
  }

  #onPbxDeath(at: number): void {
    this.pbxDeaths.push(at);
    setTimeout(() => this.#traffic.forgetLive(), 500);
  }

  /** Waits for the supervisor's new process to answer. @returns when it did */
  async #backAgain(server: Server, oldPid: number): Promise<number | null> {
    const id = server === 'asterisk' ? ASTERISK_ID : server;
    const isNew = (): boolean => ![oldPid, null].includes(this.#actors.pidOf(id));
    const back = await until(async () => isNew() && (await this.#answers(server)), BACK_WITHIN_MS);
    if (back && server === 'asterisk') this.pbxBacks.push(Date.now());
    return back ? Date.now() : null;
  }

  #answers(server: Server): Promise<boolean> {
    const { postgresUrl, redisUrl, amqpUrl, pbx } = this.#servers;
    if (server === 'postgres') return postgresAnswers(postgresUrl ?? '');
    if (server === 'redis') return redisAnswers(redisUrl ?? '');
    if (server === 'rabbitmq') return amqpAnswers(amqpUrl ?? '');
    return pbxAnswers(pbx[0]?.amiUrl ?? '', pbx[0]?.ariUrl ?? '');
  }
}

async function flushAll(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: null });
  redis.on('error', () => undefined);
  try {
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}
