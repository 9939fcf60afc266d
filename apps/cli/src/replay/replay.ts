import { parseAriEvent } from '@discador/asterisk/ari/ari-event';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { CallBook } from '@discador/domain/calls/call-book';
import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import type { CallEffect } from '@discador/domain/calls/call-state';

const TICK_MS = 250;
/** What waits for something at the end of a recording has come to its end by then. */
const RUN_ON_MS = 60_000;
/** An event so much later than those before it moves the time only when the next one agrees: a wild timestamp must not end other calls. */
const WILD_MS = 86_400_000;

/** Does with recorded ARI messages what the monitor does with live ones: same parser, same machine, same events under the same ids.
 *  The time is the recording's own. */
export class Replay {
  readonly #pbx: string;
  readonly #book = new CallBook();
  #now: number | null = null;
  #tickedAt = 0;
  #doubted: number | null = null;

  constructor(pbx: string) {
    this.#pbx = pbx;
  }

  /** Calls of which no end has been told. */
  get active(): number {
    return this.#book.active;
  }

  /** @param message  one ARI message
   *  @returns the events that follow from it, or why it is none that ARI would send */
  take(message: string): CallEvent[] | { malformed: string } {
    const parsed = parseAriEvent(message);
    if (parsed.kind === 'malformed') return { malformed: parsed.reason };
    if (parsed.kind === 'ignored') return [];
    const { event } = parsed;
    const now = this.#runTo(event.at);
    return this.#tell([...this.#tick(now), ...this.#book.apply(event, now)]);
  }

  /** Runs the time on after the last message, so that calls of which a half got lost end as they would. */
  end(): CallEvent[] {
    const effects: CallEffect[] = [];
    const last = this.#now ?? 0;
    for (let now = last; now <= last + RUN_ON_MS; now += TICK_MS) effects.push(...this.#book.tick(now));
    return this.#tell(effects);
  }

  #runTo(at: number): number {
    const now = this.#now ?? at;
    const wild = at - now > WILD_MS && (this.#doubted === null || Math.abs(at - this.#doubted) > WILD_MS);
    this.#doubted = wild ? at : null;
    this.#now = wild ? now : Math.max(now, at);
    return this.#now;
  }

  #tick(now: number): CallEffect[] {
    if (now - this.#tickedAt < TICK_MS) return [];
    this.#tickedAt = now;
    return this.#book.tick(now);
  }

  #tell(effects: readonly CallEffect[]): CallEvent[] {
    return effects.map((effect) => callCloudEvent(this.#pbx, effect));
  }
}
