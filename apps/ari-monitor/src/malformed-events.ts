import type { Logger } from 'pino';

const SAMPLES = 3;
const SAMPLE_CHARS = 200;
const WARN_EVERY_MS = 60_000;

/** Messages of the PBX that are no events: counted, and the last few kept so that one can see what they were. */
export class MalformedEvents {
  readonly #log: Logger;
  readonly #samples: string[] = [];
  #total = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @param log  knows the PBX */
  constructor(log: Logger) {
    this.#log = log;
  }

  get total(): number {
    return this.#total;
  }

  /** The last few, oldest first, each its reason and its beginning without digits. */
  get samples(): readonly string[] {
    return this.#samples;
  }

  /** @param now  milliseconds; a PBX that sends nothing else must not fill the log */
  take(raw: Buffer | string, reason: string, now: number): void {
    this.#total += 1;
    const sample = `${reason}: ${maskDigits(typeof raw === 'string' ? raw : raw.toString('utf8', 0, SAMPLE_CHARS))}`;
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    this.#log.debug({ sample }, 'malformed ARI event');
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#log.warn({ reason, total: this.#total }, 'malformed ARI events');
  }
}

/** Phone numbers must not get into logs, whatever alphabet they are in. */
function maskDigits(text: string): string {
  return text.slice(0, SAMPLE_CHARS).replaceAll(/\p{Nd}/gu, '#');
}
