import { setTimeout as sleep } from 'node:timers/promises';
import { campaignEvent } from '@discador/contracts/events/campaign-events';
import { eventId } from '@discador/contracts/events/envelope';
import { sliceSchema, type Slice } from '@discador/contracts/slice';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { EventPublisher } from '@discador/bus/event-publisher';
import type { Settlement } from '@discador/bus/consumer';
import type { Database } from '@discador/postgres/database';
import { claimContacts, type ClaimedAttempt } from '@discador/postgres/sql/claim-contacts';
import { closeSlices } from '@discador/postgres/sql/close-slices';
import { takeSlice, type TakenSlice } from '@discador/postgres/sql/take-slice';
import type { Permits } from '@discador/redis/permits';
import type { TakeLock } from '@discador/redis/short-lock';
import type { ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import type { Dialer } from './dialer.ts';
import type { WorkerMetrics } from './metrics.ts';
import { PbxChoice } from './pbx-choice.ts';
import type { PbxLink } from './pbx-link.ts';

export interface SliceWorkerOptions {
  workerId: string;
  database: Database;
  permits: Permits;
  takeLock: TakeLock;
  links: readonly PbxLink[];
  dialer: Dialer;
  /** best effort: the slices never wait for them */
  events: Pick<EventPublisher, 'publish'>;
  maxUnseen: number;
  log: Logger;
  metrics: WorkerMetrics;
}

/** Contacts claimed in one statement at most: more would hold the first ones back. */
const CHUNK = 20;
/** Until a look for room at the PBX, or for permits, is worth repeating: one look per campaign and worker at a time. */
const WAIT_MS = { room: 10, permit: 50 } as const;
/** The gate refuses a call this many seconds after the claim; with the whole second it is cut to, never later than 5 s. */
const DIAL_WITHIN_SEC = 4;

/** Works slices: lock, lease, then rounds of permits → claim → originate until the quota is used, nothing is due, or it expires.
 *  It waits before a round, for permits or room at the PBX, and never between claim and originate. */
export class SliceWorker {
  readonly #options: SliceWorkerOptions;
  readonly #pbxs: PbxChoice;
  /** the last round of each campaign, which the next one waits for */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** when a round last waited for room or permits: what comes after was not late before that */
  #waitedUntil = 0;
  #stopping = false;

  constructor(options: SliceWorkerOptions) {
    this.#options = options;
    this.#pbxs = new PbxChoice(options.links, options.maxUnseen);
  }

  /** Slices in hand end after the round they are in. */
  stop(): void {
    this.#stopping = true;
  }

  /** @throws DiscadorError `ami_down` when no PBX places calls: the slice is another worker's then, who may have one that does */
  async handle(message: ConsumeMessage): Promise<Settlement> {
    const receivedAt = performance.now();
    const slice = parseSlice(message.content);
    if (!slice) return 'drop';
    const { takeLock, database, workerId, metrics } = this.#options;
    if (this.#stopping) return 'requeue';
    if (!this.#pbxs.open) throw new DiscadorError('ami_down', 'no PBX places calls', { retry: 'later' });
    const unlock = await takeLock(`discador:lock:slice:${slice.sliceId}`, Math.max(1000, Date.parse(slice.expiresAt) - Date.now() + 1000));
    if (!unlock) return this.#done('locked');
    try {
      const taken = await takeSlice(database, slice.sliceId, workerId);
      if (!taken) return this.#done('void');
      const used = await this.#work(taken, receivedAt);
      if (used < taken.remaining) await closeSlices(database, [taken.slice_id], taken.lease);
      metrics.claimed.inc(used);
      this.#tellDone(slice, taken.lease, used);
      return this.#done(used === 0 ? 'unused' : used < taken.remaining ? 'part used' : 'used');
    } finally {
      await unlock();
    }
  }

  /** Once per taking: a slice that is delivered again says what was placed then. */
  #tellDone({ sliceId, campaignId, term, quota }: Slice, lease: number, used: number): void {
    const { events, workerId } = this.#options;
    const id = eventId('slice', sliceId, 'done', String(lease));
    events.publish(campaignEvent('slice.done', id, new Date().toISOString(), { sliceId, campaignId, term, quota, used, worker: workerId }));
  }

  #done(result: string): Settlement {
    this.#options.metrics.slices.inc({ result });
    return 'ack';
  }

  async #work(slice: TakenSlice, receivedAt: number): Promise<number> {
    const endsAt = receivedAt + slice.ms_left;
    let used = 0;
    let readyAt = receivedAt;
    while (used < slice.remaining && performance.now() < endsAt && !this.#stopping) {
      const round = await this.#inTurn(slice.campaign_id, () => this.#round(slice, slice.remaining - used, readyAt));
      if (typeof round !== 'number') break;
      readyAt = performance.now();
      used += round;
    }
    return used;
  }

  /** Slices of one campaign take turns: together they would only ask for the same permits more often, and claim fewer contacts at a time. */
  async #inTurn<T>(campaignId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(campaignId) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(campaignId, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(campaignId) === turn) this.#turns.delete(campaignId);
    }
  }

  /** One round. @returns how many calls were started, 0 when there was no room or permit for any; or why the slice is done with */
  async #round(slice: TakenSlice, left: number, readyAt: number): Promise<number | 'nothing due' | 'no PBX'> {
    const { database, permits, dialer, workerId, metrics } = this.#options;
    if (this.#stopping) return 0; // while it waited for its turn
    const place = this.#pbxs.next();
    if (!place) return this.#pbxs.open ? this.#wait('room') : 'no PBX';
    const ids = Array.from({ length: Math.min(left, place.room, CHUNK) }, () => uuid());
    const granted = await permits.acquire({
      campaignId: slice.campaign_id,
      campaignChannels: slice.max_channels,
      trunk: slice.trunk,
      trunkChannels: slice.trunk_channels,
      trunkRate: slice.trunk_rate,
      attemptIds: ids,
    });
    if (!granted) return this.#wait('permit');
    const permitted = ids.slice(0, granted);
    const dialBy = dialByOf(place.link);
    // When this throws the claim may still have been committed: its permits stay until the sweep finds the attempts closed.
    const claimed = await claimContacts(database, {
      sliceId: slice.slice_id,
      lease: slice.lease,
      term: slice.term,
      workerId,
      pbx: place.link.name,
      attemptIds: permitted,
      dialBy,
    });
    this.#pbxs.deal(place.link, claimed.length);
    dialer.dial(place.link, slice, dialBy, claimed);
    metrics.sliceToOriginate.observe((performance.now() - Math.max(readyAt, this.#waitedUntil)) / 1000);
    await permits.giveBack(slice.campaign_id, slice.trunk, unusedOf(permitted, claimed)).catch(() => undefined);
    return claimed.length === 0 ? 'nothing due' : claimed.length;
  }

  async #wait(why: 'room' | 'permit'): Promise<0> {
    this.#options.metrics.permitWaits.inc({ why });
    await sleep(WAIT_MS[why]);
    this.#waitedUntil = performance.now();
    return 0;
  }
}

function dialByOf(link: PbxLink): number {
  return Math.floor((Date.now() + (link.ami.clockOffsetMs ?? 0)) / 1000) + DIAL_WITHIN_SEC;
}

function unusedOf(permitted: string[], claimed: ClaimedAttempt[]): string[] {
  const used = new Set(claimed.map((attempt) => attempt.attempt_id));
  return permitted.filter((id) => !used.has(id));
}

function parseSlice(content: Buffer) {
  try {
    return sliceSchema.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return null;
  }
}
