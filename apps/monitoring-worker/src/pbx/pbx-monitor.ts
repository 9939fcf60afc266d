import type { EventPublisher } from '@discador/bus/event-publisher';
import { countExtensions, type ExtensionTotals } from '@discador/domain/agents/fold-extension-event';
import type { QueueNumbers } from '@discador/domain/agents/summarize-queues';
import type { Database } from '@discador/postgres/database';
import { Lease } from '@discador/redis/lease';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { quietly, repeat } from '../repeat.ts';
import { deskCloudEvent } from './desk-cloud-event.ts';
import { LiveWriter } from './live-writer.ts';
import { PbxObserver } from './pbx-observer.ts';
import { PbxStore } from './pbx-store.ts';

export interface PbxMonitorOptions {
  pbx: string;
  amiUrl: string;
  pbxTimeZone: string;
  queueWrapUpSec: number;
  redis: Redis;
  lockClients: Redis[];
  leaseTtlMs: number;
  database: Database;
  /** this PBX's own */
  events: EventPublisher;
  log: Logger;
  state: { up(): void; down(reason: string): void };
}

const STORE_MS = 1_000;
const SEE_MS = 10_000;
/** What is not confirmed by then is the next writer's to publish. */
const CONFIRM_MS = 800;

/** One PBX: every replica observes, the one with the lease writes and publishes. A standby thus knows the calls in hand when it takes over, and
 *  holds the events of the last seconds. */
export class PbxMonitor {
  readonly pbx: string;
  readonly #observer: PbxObserver;
  readonly #writer: LiveWriter;
  readonly #store: PbxStore;
  readonly #lease: Lease;
  readonly #events: EventPublisher;
  readonly #log: Logger;
  #stops: (() => Promise<void>)[] = [];
  #swept = false;

  constructor({ pbx, amiUrl, pbxTimeZone, queueWrapUpSec, redis, lockClients, leaseTtlMs, database, events, log, state }: PbxMonitorOptions) {
    this.pbx = pbx;
    this.#log = log;
    this.#events = events;
    events.standBy();
    this.#store = new PbxStore(database, pbx, pbxTimeZone);
    this.#writer = new LiveWriter({ redis, pbx, log, read: () => (this.#lease.held ? this.#observer.confirmed() : null) });
    this.#observer = new PbxObserver({
      pbx,
      amiUrl,
      queueWrapUpSec,
      log,
      state,
      onQueues: () => this.#writer.touch(),
      onDesks: (effects) => effects.forEach((effect) => events.publish(deskCloudEvent(pbx, effect))),
      onConfirmed: () => this.#writer.renew(),
      onSwept: () => (this.#swept = true),
    });
    this.#lease = new Lease({
      clients: lockClients,
      key: `discador:lock:monitoring:${pbx}`,
      ttlMs: leaseTtlMs,
      log,
      onAcquired: () => {
        log.info({ pbx }, 'writes the state of this PBX from now on');
        this.#swept = this.#observer.startedAt !== null; // what the former writer had not stored
        this.#writer.touch();
        events.activate();
      },
      onLost: (reason) => {
        log.info({ pbx, reason }, 'no longer writes the state of this PBX');
        events.standBy();
      },
    });
  }

  start(): void {
    this.#observer.start();
    this.#lease.start();
    const failed = quietly(this.#log, 'storing the PBX');
    this.#stops = [repeat(STORE_MS, () => this.#storeExtensions(), failed), repeat(SEE_MS, () => this.#see(), failed)];
  }

  /** Writes nothing more; resolves when what is under way is written and confirmed, or the broker has had its time. */
  async rest(): Promise<void> {
    await Promise.all([...this.#stops.map((stop) => stop()), this.#writer.stop(), this.#events.flush(CONFIRM_MS)]);
  }

  /** Gives the lease back: another replica writes. */
  leave(): Promise<void> {
    return this.#lease.stop();
  }

  close(): Promise<void> {
    this.#events.close();
    return this.#observer.stop();
  }

  get up(): boolean {
    return this.#observer.up;
  }

  get writes(): boolean {
    return this.#lease.held;
  }

  /** Empty while the PBX is away. */
  queues(): QueueNumbers[] {
    return this.#observer.confirmed()?.queues ?? [];
  }

  extensions(): ExtensionTotals {
    return countExtensions(this.#observer.extensions);
  }

  async #storeExtensions(): Promise<void> {
    if (!this.#lease.held || !this.#observer.up) return;
    if (!this.#swept) return this.#store.storeChanges(this.#observer.extensions);
    this.#swept = false;
    try {
      await this.#see();
      await this.#store.sweep(this.#observer.extensions);
    } catch (error) {
      this.#swept = true; // the next round makes up for it
      throw error;
    }
  }

  async #see(): Promise<void> {
    if (this.#lease.held) await this.#store.see(this.#observer);
  }
}
