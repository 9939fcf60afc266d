import { Dialer } from '@discador/campaign-worker/dialer';
import { workerMetrics } from '@discador/campaign-worker/metrics';
import { consumeOutcomes } from '@discador/campaign-worker/outcome-consumer';
import { OutcomeDesk } from '@discador/campaign-worker/outcome-desk';
import { SliceWorker } from '@discador/campaign-worker/slice-worker';
import { Sweeper } from '@discador/campaign-worker/sweeper';
import type { ConsumeMessage } from 'amqplib';
import { Registry } from 'prom-client';
import { isInjected } from './outside.ts';
import type { Process } from './process.ts';
import { simulatedLink } from './simulated-ami.ts';
import { simulatedDatabase } from './simulated-database.ts';
import { simulatedPermits } from './simulated-permits.ts';
import type { World } from './world.ts';

/** The sweeper's timer: it looks when the scheduler lets it have its lock. */
const AT_ONCE_MS = 0.01;
/** Room at the PBX is not what is tested here. */
const ANY_NUMBER = 1_000_000;
const metrics = workerMetrics(new Registry());

/** A worker: the product's SliceWorker, Dialer, OutcomeDesk, consumeOutcomes and Sweeper on simulated surroundings. */
export class WorkerProcess {
  readonly process: Process;
  slicesInHand = 0;
  sweeping = false;
  readonly #world: World;
  readonly #desk: OutcomeDesk;
  readonly #worker: SliceWorker;
  readonly #sweeper: Sweeper;

  constructor(world: World, process: Process, offsetErrorMs: number) {
    this.process = process;
    this.#world = world;
    const { outside, log, pbxs, transits } = world;
    const database = simulatedDatabase(outside, process, world.lane, (statement, values) => world.watch(statement, values));
    const permits = simulatedPermits(outside, process);
    const takeLock = world.locks.takeLockOf(outside, process);
    const links = pbxs.map((pbx) => simulatedLink(outside, process, pbx, transits, offsetErrorMs));
    this.#desk = new OutcomeDesk(database, permits, metrics);
    const dialer = new Dialer({ desk: this.#desk, log, metrics });
    this.#worker = new SliceWorker({ workerId: process.name, database, permits, takeLock, links, dialer, events: { publish: () => undefined }, maxUnseen: ANY_NUMBER, log, metrics });
    this.#sweeper = new Sweeper({ database, desk: this.#desk, takeLock, links, everyMs: AT_ONCE_MS, log, metrics });
  }

  takeSlice(message: ConsumeMessage): void {
    const { slices } = this.#world;
    this.slicesInHand += 1;
    const [delivery] = slices.deliver([message], this.process);
    const handled = this.process.run(() => this.#worker.handle(message));
    this.#world.follow(
      handled
        .then((settlement) => delivery && slices.settle(delivery, settlement), (error: unknown) => this.#failed(error, () => delivery && slices.again(delivery)))
        .finally(() => (this.slicesInHand -= 1)),
    );
  }

  takeOutcomes(messages: ConsumeMessage[]): void {
    const { outcomes } = this.#world;
    const deliveries = outcomes.deliver(messages, this.process);
    const stored = this.process.run(() => consumeOutcomes(messages, this.#desk, metrics));
    this.#world.follow(
      stored.then(
        (settlements) => deliveries.forEach((delivery, index) => outcomes.settle(delivery, settlements[index] ?? 'ack')),
        (error: unknown) => this.#failed(error, () => deliveries.forEach((delivery) => outcomes.again(delivery))),
      ),
    );
  }

  /** One sweep, from its timer on. */
  async sweep(): Promise<void> {
    this.sweeping = true;
    const begun = this.#world.outside.nextOf(this.process);
    this.process.run(() => this.#sweeper.start());
    await begun;
    this.#world.follow(this.#sweeper.stop().finally(() => (this.sweeping = false)));
  }

  /** As the bus consumer does when its handler throws because something is away. */
  #failed(error: unknown, giveBack: () => void): void {
    if (!isInjected(error)) throw error;
    giveBack();
  }
}
