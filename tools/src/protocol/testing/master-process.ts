import type { Publisher, OutgoingMessage } from '@discador/bus/publisher';
import { masterMetrics } from '@discador/discador-master/metrics';
import { Planner } from '@discador/discador-master/planner';
import { SliceDesk } from '@discador/discador-master/slice-desk';
import type { QueueLive } from '@discador/contracts/live';
import type { Database } from '@discador/postgres/database';
import { beginTerm } from '@discador/postgres/sql/begin-term';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import type { Process } from './process.ts';
import { simulatedDatabase } from './simulated-database.ts';
import { simulatedPermits } from './simulated-permits.ts';
import type { World } from './world.ts';

/** Agents of the one queue. */
export const AGENTS = 4;
/** Longer than in earnest: a slice has to outlive the questions that lie between. */
const SLICE_LIFE_MS = 5000;
const metrics = masterMetrics(new Registry());

/** A master: the product's Planner and SliceDesk. It believes in its term until it is told otherwise, which here nobody does:
 *  its trust in its lock is what the term must make harmless. */
export class MasterProcess {
  readonly process: Process;
  term: number | undefined;
  busy = false;
  readonly #world: World;
  readonly #database: Database;
  readonly #planner: Planner;

  constructor(world: World, process: Process) {
    this.process = process;
    this.#world = world;
    this.#database = simulatedDatabase(world.outside, process, world.lane, (statement, values) => world.watch(statement, values));
    const permits = simulatedPermits(world.outside, process);
    const log = world.log;
    const desk = new SliceDesk({ database: this.#database, publisher: this.#publisher(), events: { publish: () => undefined }, sliceLifeMs: SLICE_LIFE_MS, log, metrics });
    this.#planner = new Planner({ database: this.#database, redis: this.#redis(), permits, desk, pbxs: ['pbx-a'], tickMs: 1, log, metrics });
  }

  /** As `Election` does when it has won the lock. */
  elect(): void {
    this.busy = true;
    const elected = this.process.run(() => beginTerm(this.#database, this.process.name));
    this.#world.follow(
      elected.then((term) => void (this.term = term)).finally(() => (this.busy = false)),
    );
  }

  /** One round of the planner, from its timer on. */
  async tick(): Promise<void> {
    if (this.term === undefined) return;
    this.busy = true;
    const begun = this.#world.outside.nextOf(this.process);
    const { term } = this;
    this.process.run(() => this.#planner.start(term, () => true));
    await begun;
    this.#world.follow(this.#planner.stop().finally(() => (this.busy = false)));
  }

  #publisher(): Publisher {
    const { outside, slices } = this.#world;
    return { up: true, publish: (message: OutgoingMessage) => outside.ask(this.process, 'publish slice', () => slices.publish(message.content)) } as unknown as Publisher;
  }

  /** Live numbers of the agents, as fresh as can be. */
  #redis(): Redis {
    return { hgetall: async () => ({ demo: JSON.stringify(this.#agents()) }) } as unknown as Redis;
  }

  #agents(): QueueLive {
    const connected = this.#world.pbxs.flatMap((pbx) => pbx.live).filter((call) => call.bridgedAt !== null).length;
    const busy = Math.min(AGENTS, connected);
    return { pbx: 'pbx-a', queue: 'demo', at: Date.now(), agents: { loggedIn: AGENTS, idle: AGENTS - busy, busy, paused: 0, wrapUp: 0 }, waiting: 0, connected };
  }
}
