import { pbxObservedKey } from '@discador/contracts/live';
import { observationGap } from '@discador/domain/calls/observation-gap';
import type { Redis } from 'ioredis';
import { eventMessage, pbxCloudEvent } from './event-message.ts';
import type { OutboxMessage } from './outbox.ts';
import type { Observation } from './pbx-observer.ts';

export interface UnobservedOptions {
  pbx: string;
  redis: Redis;
  /** what this replica knows of its own hearing */
  observation(): Observation;
  /** epoch milliseconds before which nothing is held that the broker has not confirmed */
  publishedUntil(): number;
  onGap(gap: OutboxMessage, seconds: number): void;
}

/** Knows for how long nobody saw the PBX. The publisher notes in Redis until when all has been seen and published; who publishes next, be
 *  it another replica, a new process or this one again, tells what lies between that note and its own hearing. */
export class Unobserved {
  readonly #options: UnobservedOptions;
  #noted: number | null = null;
  #totalSec = 0;

  constructor(options: UnobservedOptions) {
    this.#options = options;
  }

  /** Seconds of all gaps that this replica has told. */
  get totalSec(): number {
    return this.#totalSec;
  }

  /** Called when this replica begins to publish. Note and question are one command, so that of two only one tells the gap.
   *  @throws when Redis is away */
  async takeOver(): Promise<void> {
    const { pbx, redis, observation } = this.#options;
    const { sound, lost, found } = observation();
    if (sound === null) return; // lost again meanwhile: the lease goes too
    const before = await redis.set(pbxObservedKey(pbx), sound.since, 'GET');
    const noted = this.#noted ?? 0; // counts too when Redis was flushed
    const published = Math.max(Number(before ?? 0), noted);
    const gap = observationGap({ publishedUntil: published || null, ours: published === noted, heardUntil: lost?.heardUntil ?? null }, sound.since);
    this.#noted = sound.since;
    if (gap === null) return;
    const reason = lost !== null && gap.from === lost.heardUntil ? lost.reason : 'no replica listened';
    const { from, to } = gap;
    const seconds = (to - from) / 1_000;
    const data = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), seconds, reason: reason.slice(0, 200), ...found };
    this.#totalSec += seconds;
    this.#options.onGap(eventMessage(pbxCloudEvent(pbx, { type: 'pbx.unobserved', data }, from, to), to, true), seconds);
  }

  /** Called by the publisher about every second, and when it has lost the PBX. A note that is lost makes the next gap longer than it was,
   *  never shorter. */
  async note(): Promise<void> {
    const { pbx, redis, observation, publishedUntil } = this.#options;
    const { sound, lost } = observation();
    const heardUntil = sound?.heardUntil ?? lost?.heardUntil;
    if (heardUntil === undefined) return;
    const until = Math.min(heardUntil, publishedUntil());
    await redis.set(pbxObservedKey(pbx), until).then(() => (this.#noted = until), () => undefined);
  }
}
