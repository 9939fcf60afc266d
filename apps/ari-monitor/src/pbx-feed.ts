import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusConnection } from '@discador/bus/bus-connection';
import { Publisher } from '@discador/bus/publisher';
import type { CallEndedEvent, CallEvent } from '@discador/contracts/events/call-events';
import type { LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import type { CallEffect } from '@discador/domain/calls/call-state';
import { Lease } from '@discador/redis/lease';
import { LeaseTerm } from '@discador/redis/lease-term';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { callMessages } from './call-messages.ts';
import { Candidacy } from './candidacy.ts';
import { Checkpoint } from './checkpoint.ts';
import { FencedPublisher } from './fenced-publisher.ts';
import { MalformedEvents } from './malformed-events.ts';
import { spoolAgeSec, type FeedMetrics } from './metrics.ts';
import { Outbox, type OutboxMessage } from './outbox.ts';
import { PbxObserver, type Observation } from './pbx-observer.ts';
import { PbxPresence } from './pbx-presence.ts';
import type { MonitorSettings } from './settings.ts';
import { Spool } from './spool/spool.ts';
import { Unobserved } from './unobserved.ts';

export interface PbxFeedOptions {
  pbx: string;
  ariUrl: string;
  /** `replica` is also its application name at the PBX */
  settings: Pick<MonitorSettings, 'replica' | 'leaseTtlMs' | 'standbyKeepSec' | 'legacyEvents' | 'trunkEndpoints' | 'maxBuffered' | 'spoolDir' | 'spoolMaxMb' | 'httpPort'>;
  /** of the room for events, in memory and on disk: 0–1 */
  share: number;
  bus: BusConnection;
  redis: Redis;
  lockClients: Redis[];
  log: Logger;
  state: { up(): void; down(reason: string): void };
  metrics: FeedMetrics;
}

const EVERY_MS = 1_000;
/** A replica that has just heard the PBX again may still become the publisher of what it holds. */
const EXPIRE_WHEN_SOUND_FOR_MS = 5_000;
const FLUSH_MS = 3_000;
/** Of events that wait to be written to the spools. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;

/** The events of one PBX: every replica observes and holds them; the one with the PBX's lease publishes. Nothing is shared with the feeds of
 *  other PBXs but the connections to the bus and to Redis. */
export class PbxFeed {
  readonly pbx: string;
  readonly #log: Logger;
  readonly #metrics: FeedMetrics;
  readonly #legacyShapes: readonly LegacyShape[];
  readonly #fence: FencedPublisher;
  readonly #checkpoint: Checkpoint;
  readonly #spool: Spool;
  readonly #outbox: Outbox;
  readonly #observer: PbxObserver;
  readonly #malformed: MalformedEvents;
  readonly #unobserved: Unobserved;
  readonly #presence: PbxPresence;
  readonly #lease: Lease;
  readonly #terms: LeaseTerm;
  readonly #candidacy: Candidacy;
  #term: number | null = null;
  /** It has the lease, and has told what lies between the last publisher and itself. */
  #tookOver = false;
  #everySecond: NodeJS.Timeout | undefined;

  constructor(options: PbxFeedOptions) {
    const { pbx, redis, lockClients, metrics } = options;
    const { leaseTtlMs } = options.settings;
    this.pbx = pbx;
    this.#log = options.log.child({ pbx });
    this.#metrics = metrics;
    this.#legacyShapes = options.settings.legacyEvents;
    this.#malformed = new MalformedEvents(this.#log);
    this.#checkpoint = new Checkpoint({ file: join(spoolFolder(options.settings), `${pbx}.calls.json`), log: this.#log });
    this.#observer = this.#createObserver(options);
    const key = `discador:lock:pbx:${pbx}`;
    const onLost = (reason: string): void => this.#standDown(reason);
    this.#lease = new Lease({ clients: lockClients, key, ttlMs: leaseTtlMs, log: this.#log, onAcquired: () => this.#takeOver(), onLost });
    this.#terms = new LeaseTerm(lockClients, key);
    this.#candidacy = new Candidacy(this.#lease);
    this.#fence = new FencedPublisher(new Publisher(options.bus), this.#lease);
    this.#spool = this.#createSpool(options);
    this.#outbox = this.#createOutbox(options);
    const observation = (): Observation => this.#observer.observation;
    this.#unobserved = new Unobserved({ pbx, redis, observation, publishedUntil: () => this.#outbox.settledUntil, onGap: (gap, seconds) => this.#tellGap(gap, seconds) });
    this.#presence = new PbxPresence({ pbx, redis, observation, leaseFree: () => this.#lease.free(), leaseTtlMs });
  }

  get connected(): boolean {
    return this.#observer.connected;
  }

  get publishes(): boolean {
    return this.#tookOver && this.#lease.held;
  }

  /** Calls going on. */
  get active(): number {
    return this.#observer.active;
  }

  /** Events held: unconfirmed, or ready for a takeover. */
  get buffered(): number {
    return this.#outbox.size;
  }

  get spool(): Pick<Spool, 'bytes' | 'messages' | 'oldestAt'> {
    return this.#spool;
  }

  /** The broker refuses so much that it is spared for a while. */
  get publishingBroken(): boolean {
    return this.#outbox.broken;
  }

  /** For status. */
  details(): Record<string, string | number | boolean | null> {
    const { sound, lost } = this.#observer.observation;
    const heardUntil = sound?.heardUntil ?? lost?.heardUntil;
    return {
      connected: this.connected,
      term: this.publishes ? this.#term : null,
      callsActive: this.active,
      buffered: this.buffered,
      spooled: this.#spool.messages,
      spoolBytes: this.#spool.bytes,
      spoolOldestSec: Math.round(spoolAgeSec(this.#spool.oldestAt)),
      observedUntil: heardUntil === undefined ? null : new Date(heardUntil).toISOString(),
      lastLoss: lost?.reason ?? null,
      unobservedSec: this.#unobserved.totalSec,
      malformed: this.#malformed.total,
      malformedSamples: this.#malformed.samples.join('\n') || null,
    };
  }

  start(): void {
    this.#observer.start();
    this.#checkpoint.start(() => this.#observer.save());
    this.#everySecond = setInterval(() => this.#onSecond(), EVERY_MS);
  }

  /** Publishes what waits: the bus is back. */
  drain(): void {
    this.#outbox.drain();
  }

  /** First step of the end: neither takes the lease nor leaves it any more, and notes until when all was seen. */
  async rest(): Promise<void> {
    clearInterval(this.#everySecond);
    await this.#candidacy.close();
    if (this.publishes) await this.#unobserved.note();
  }

  /** Hears no more. */
  async deafen(): Promise<void> {
    await this.#observer.stop();
    await this.#checkpoint.stop();
  }

  /** @returns how many events it should have published and could not; a standby publishes them, if there is one */
  flush(): Promise<number> {
    return this.#outbox.flush(FLUSH_MS);
  }

  /** Last step: gives the lease back. */
  async leave(): Promise<void> {
    await this.#lease.stop();
    await this.#outbox.close();
  }

  #createObserver({ pbx, ariUrl, settings, log, state }: PbxFeedOptions): PbxObserver {
    return new PbxObserver({
      pbx,
      ariUrl,
      application: `discador-${settings.replica}`,
      trunkEndpoints: settings.trunkEndpoints,
      saved: this.#checkpoint.read(),
      log,
      state,
      onEffects: (effects, receivedAt) => effects.forEach((effect) => this.#tell(effect, receivedAt)),
      onEvent: (type) => this.#metrics.received(type),
      onMalformed: (raw, reason) => this.#malformed.take(raw, reason, performance.now()),
      onOpened: () => this.#metrics.opened(),
      onSound: (sound) => this.#onSound(sound),
    });
  }

  /** @throws DiscadorError `configuration` when the folder cannot be used */
  #createSpool({ pbx, settings, share }: PbxFeedOptions): Spool {
    return new Spool({
      folder: join(spoolFolder(settings), pbx),
      maxBytes: settings.spoolMaxMb * 1_000_000 * share,
      maxPendingBytes: MAX_PENDING_BYTES * share,
      onError: (operation, error) => {
        this.#metrics.spoolFailed(operation);
        this.#log.error({ operation, err: error }, 'the spool of events (SPOOL_DIR) is not to be used; it is tried again');
      },
      onLost: (count) => this.#onUnreadable(count),
    });
  }

  #createOutbox({ settings, share }: PbxFeedOptions): Outbox {
    return new Outbox({
      publisher: this.#fence,
      spool: this.#spool,
      keepMs: settings.standbyKeepSec * 1_000,
      maxBuffered: Math.floor(settings.maxBuffered * share),
      onPublished: (latencyMs) => this.#metrics.published(latencyMs),
      onFailure: () => this.#metrics.publishFailed(),
      onDropped: (_message, reason, first) => {
        this.#metrics.dropped(reason);
        if (first) this.#log.error({ reason }, 'no room for events while RabbitMQ is away: they are given up, the ends of calls last; the sweeper closes those calls');
      },
      onLost: (count) => this.#onUnreadable(count),
    });
  }

  #onUnreadable(count: number): void {
    this.#metrics.dropped('unreadable', count);
    this.#log.error({ count }, 'events in the spool cannot be read');
  }

  #tell(effect: CallEffect, receivedAt: number): void {
    const event: CallEvent = callCloudEvent(this.pbx, effect);
    // One replica counts a call, so that sums over replicas are right; also while its lease is renewed late.
    if (event.type === 'call.ended' && this.#tookOver) this.#metrics.ended((event as CallEndedEvent).data);
    for (const message of callMessages(event, this.#legacyShapes, receivedAt)) this.#outbox.add(message);
  }

  #tellGap(gap: OutboxMessage, seconds: number): void {
    this.#log.warn({ seconds }, 'nobody saw the events of this PBX');
    this.#metrics.unobserved(seconds);
    this.#outbox.add(gap);
  }

  #onSound(sound: boolean): void {
    // Before the lease goes: who listened all along sees that there is no gap, though it began to listen since the last note.
    if (!sound && this.publishes) void this.#unobserved.note();
    this.#candidacy.set(sound);
  }

  #onSecond(): void {
    const { sound } = this.#observer.observation;
    if (sound === null) return void this.#watchLoss();
    if (Date.now() - sound.since > EXPIRE_WHEN_SOUND_FOR_MS) this.#outbox.expire(Date.now());
    if (this.publishes) void this.#unobserved.note();
  }

  async #watchLoss(): Promise<void> {
    const due = await this.#presence.lossIsDue(performance.now()).catch(() => false); // Redis is away: the next second asks again
    if (due) this.#candidacy.set(true);
  }

  /** The lease is won. @throws what makes it give the lease back: Redis is away, or somebody was faster */
  async #takeOver(): Promise<void> {
    this.#term = await this.#terms.next();
    this.#fence.open(this.#term);
    const hears = this.#observer.observation.sound !== null;
    if (hears) await this.#unobserved.takeOver();
    const change = await this.#presence.change(this.active);
    if (change) this.#outbox.add(change.message);
    this.#tookOver = hears;
    this.#outbox.activate();
    if (!hears) return void this.#sayGoodbye(change?.noteTold);
    this.#log.info({ term: this.#term, held: this.buffered }, 'publishes the events of this PBX from now on');
    await change?.noteTold();
  }

  /** Publishes that nobody hears the PBX, and what came before that; then the lease is for those who hear it, perhaps itself by now. */
  async #sayGoodbye(noteTold: (() => Promise<void>) | undefined): Promise<void> {
    const left = await this.#outbox.flush(FLUSH_MS);
    if (left === 0 && this.#lease.held) await noteTold?.().catch(() => undefined); // told again, under the same id
    this.#candidacy.set(false);
    this.#candidacy.set(this.#observer.observation.sound !== null);
  }

  #standDown(reason: string): void {
    if (this.#tookOver) this.#log.warn({ term: this.#term, reason }, 'no longer publishes the events of this PBX');
    this.#tookOver = false;
    this.#fence.close();
    this.#outbox.deactivate();
  }
}

function spoolFolder({ spoolDir, httpPort }: Pick<MonitorSettings, 'spoolDir' | 'httpPort'>): string {
  return spoolDir ?? join(tmpdir(), `discador-events-${httpPort}`);
}
