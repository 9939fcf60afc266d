import { pbxToldKey } from '@discador/contracts/live';
import type { Redis } from 'ioredis';
import { eventMessage, pbxCloudEvent } from './event-message.ts';
import type { OutboxMessage } from './outbox.ts';
import type { Observation } from './pbx-observer.ts';

type Told = 'connected' | 'disconnected';

export interface PbxPresenceOptions {
  pbx: string;
  redis: Redis;
  /** what this replica knows of its own hearing */
  observation(): Observation;
  /** whether nobody holds the PBX's lease */
  leaseFree(): Promise<boolean>;
  /** the lease's life: nobody who hears the PBX leaves it free for so long */
  leaseTtlMs: number;
}

/** Whether the deployment hears a PBX, told as `pbx.connected` and `pbx.disconnected`, by turns.
 *
 *  It is not about the socket of one replica: when the publisher loses its own and a standby that listened all along takes over, nobody has lost
 *  the PBX, and nothing is told. `disconnected` is told when a replica does not hear the PBX and the lease, for which every one that hears it
 *  stands, has been free for a whole life of the lease; by whoever then wins the lease, which proves that nobody else publishes, and gives it back
 *  at once. A shorter loss is told by `pbx.unobserved` alone, as is the time in which no monitor ran: there was nobody to tell. `connected` is told
 *  by the next one that publishes and hears it, and by the very first. What was told last stands in Redis; after a flush, each replica's own word
 *  counts. */
export class PbxPresence {
  readonly #options: PbxPresenceOptions;
  /** epoch milliseconds; that long it has not heard the PBX when it never did */
  readonly #since = Date.now();
  #ownWord: Told | null = null;
  #freeSince: number | null = null;

  constructor(options: PbxPresenceOptions) {
    this.#options = options;
  }

  /** Called about every second by a replica that does not hear the PBX.
   *  @param now  milliseconds of the monotonic clock
   *  @returns whether it is to win the lease and tell `disconnected` */
  async lossIsDue(now: number): Promise<boolean> {
    const free = await this.#options.leaseFree();
    this.#freeSince = free ? (this.#freeSince ?? now) : null;
    if (this.#freeSince === null || now - this.#freeSince < this.#options.leaseTtlMs) return false;
    return (await this.#lastWord()) === 'connected';
  }

  /** @returns the event that whoever has just won the lease must publish, with how to note that it was; null when it was told before
   *  @throws when Redis is away */
  async change(activeCalls: number): Promise<{ message: OutboxMessage; noteTold(): Promise<void> } | null> {
    const { pbx, observation } = this.#options;
    this.#freeSince = null;
    const { sound, lost } = observation();
    const word: Told = sound ? 'connected' : 'disconnected';
    const last = await this.#lastWord();
    if (last === word || (last === null && sound === null)) return null;
    const since = sound?.since ?? lost?.heardUntil ?? this.#since;
    const event = sound
      ? pbxCloudEvent(pbx, { type: 'pbx.connected', data: { activeCalls } }, since)
      : pbxCloudEvent(pbx, { type: 'pbx.disconnected', data: { reason: lost?.reason.slice(0, 200) ?? 'no replica hears it' } }, since, Date.now());
    return { message: eventMessage(event, Date.now(), true), noteTold: () => this.#note(word) };
  }

  async #lastWord(): Promise<Told | null> {
    const stored = await this.#options.redis.get(pbxToldKey(this.#options.pbx));
    return (stored as Told | null) ?? this.#ownWord;
  }

  async #note(word: Told): Promise<void> {
    this.#ownWord = word;
    await this.#options.redis.set(pbxToldKey(this.#options.pbx), word);
  }
}
