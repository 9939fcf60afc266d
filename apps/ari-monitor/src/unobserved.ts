import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { pbxEventId, pbxRoutingKey, type PbxUnobservedEvent } from '@discador/contracts/events/pbx-events';
import { pbxObservedKey } from '@discador/contracts/live';
import { observationGap } from '@discador/domain/calls/observation-gap';
import type { Redis } from 'ioredis';
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
    const event = toEvent(pbx, { ...gap, reason, ...found });
    this.#totalSec += event.data.seconds;
    this.#options.onGap(toMessage(event), event.data.seconds);
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

interface Gap {
  from: number;
  to: number;
  reason: string;
  inferredEnds: number;
  adopted: number;
}

function toEvent(pbx: string, { from, to, reason, inferredEnds, adopted }: Gap): PbxUnobservedEvent {
  const start = new Date(from).toISOString();
  return {
    specversion: '1.0',
    id: pbxEventId(pbx, 'pbx.unobserved', start),
    source: `discador:pbx:${pbx}`,
    type: 'pbx.unobserved',
    subject: pbx,
    time: new Date(to).toISOString(),
    datacontenttype: 'application/json',
    pbx,
    data: { from: start, to: new Date(to).toISOString(), seconds: (to - from) / 1_000, reason: reason.slice(0, 200), inferredEnds, adopted },
  };
}

function toMessage(event: PbxUnobservedEvent): OutboxMessage {
  return {
    exchange: EVENTS_EXCHANGE,
    routingKey: pbxRoutingKey(event.type, event.pbx),
    content: Buffer.from(JSON.stringify(event)),
    messageId: event.id,
    type: event.type,
    important: true,
    receivedAt: Date.parse(event.data.to),
  };
}
