import { AriHttp } from '@discador/asterisk/ari/ari-http';
import { parseAriEvent } from '@discador/asterisk/ari/ari-event';
import { AriSocket } from '@discador/asterisk/ari/ari-socket';
import { CallBook } from '@discador/domain/calls/call-book';
import type { CallEffect } from '@discador/domain/calls/call-state';
import { trunkRule } from '@discador/domain/calls/trunk-rule';
import type { Logger } from 'pino';

export interface PbxObserverOptions {
  pbx: string;
  ariUrl: string;
  /** ARI application name, unique among all replicas. */
  application: string;
  /** names of the trunk endpoints, and of dialplan contexts that lead to them */
  trunkEndpoints: readonly string[];
  /** `save()` of the former process, parsed; null when there is none */
  saved: unknown;
  log: Logger;
  state: { up(): void; down(reason: string): void };
  onEffects(effects: readonly CallEffect[], receivedAt: number): void;
  /** @param type  an ARI event type, or `malformed` */
  onEvent(type: string): void;
  onMalformed(raw: Buffer | string, reason: string): void;
  /** An event stream was opened. */
  onOpened(): void;
  /** From now on it hears the PBX and knows its state, or no longer; see `observation`. */
  onSound(sound: boolean): void;
}

/** What a replica knows of its own hearing. Times are epoch milliseconds, our clock. */
export interface Observation {
  /** null while it does not hear, or has not yet held its calls against the PBX's channels */
  readonly sound: { readonly since: number; readonly heardUntil: number } | null;
  /** how it last lost the PBX */
  readonly lost: { readonly heardUntil: number; readonly reason: string } | null;
  /** by the look that ended the last loss */
  readonly found: { readonly inferredEnds: number; readonly adopted: number };
}

const TICK_MS = 250;
const LOOK_RETRY_MS = 1_000;
/** With no event for this long, the PBX is asked whether that is right. */
const SILENCE_MS = 10_000;
/** Calls without news for this long are looked for. */
const QUIET_MS = 60_000;
/** A channel older than this, of which no event told, means that the socket is deaf. */
const DEAF_AFTER_MS = 3_000;
/** What is told first of a call. */
const BEGINS: ReadonlySet<CallEffect['type']> = new Set(['received', 'dialing']);
const DEAF = 'calls go on of which the socket told nothing';

/** Watches one PBX: its event stream, a look at its channels after each gap, and the calls that follow from both. */
export class PbxObserver {
  readonly #options: PbxObserverOptions;
  readonly #book: CallBook;
  readonly #http: AriHttp;
  readonly #socket: AriSocket;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #lookedAt = 0;
  #looking = false;
  #lookDue = false;
  #soundSince: number | null = null;
  /** The last look that found nothing which the socket should have told. */
  #agreedAt = 0;
  #lost: Observation['lost'] = null;
  #found: Observation['found'] = { inferredEnds: 0, adopted: 0 };

  constructor(options: PbxObserverOptions) {
    this.#options = options;
    this.#book = CallBook.restore(options.saved, Date.now(), { outside: trunkRule(options.trunkEndpoints) });
    this.#http = new AriHttp(options.ariUrl);
    this.#socket = new AriSocket({
      url: options.ariUrl,
      application: options.application,
      log: options.log,
      onEvent: (raw, receivedAt) => this.#onEvent(raw, receivedAt),
      onUp: () => this.#onUp(),
      onDown: (reason) => this.#onDown(reason),
    });
  }

  get connected(): boolean {
    return this.#socket.up;
  }

  /** Calls going on. */
  get active(): number {
    return this.#book.active;
  }

  /** The calls going on, as plain JSON: the next process ends those that the PBX has no more by then. */
  save(): unknown {
    return this.#book.save();
  }

  get observation(): Observation {
    const sound = this.#soundSince === null ? null : { since: this.#soundSince, heardUntil: Math.max(this.#soundSince, this.#socket.heardAt) };
    return { sound, lost: this.#lost, found: this.#found };
  }

  start(): void {
    this.#socket.start();
    this.#timer = setInterval(() => this.#onTick(Date.now()), TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#socket.close();
  }

  #onEvent(raw: Buffer | string, receivedAt: number): void {
    this.#heardAt = receivedAt;
    const parsed = parseAriEvent(raw);
    if (parsed.kind === 'malformed') {
      this.#options.onEvent('malformed');
      this.#options.onMalformed(raw, parsed.reason);
      return;
    }
    this.#options.onEvent(parsed.type);
    if (parsed.kind === 'channel') this.#tell(this.#book.apply(parsed.event, receivedAt), receivedAt);
    // The other socket of this name now gets the events; this one would stay open and silent.
    else if (parsed.type === 'ApplicationReplaced') this.#socket.cut('another socket took the application name');
  }

  #onUp(): void {
    this.#options.onOpened();
    this.#lookDue = true;
    void this.#look();
  }

  #onDown(reason: string): void {
    this.#options.state.down(reason);
    if (this.#soundSince === null) return;
    // A deaf socket answers pings: only what it told, or what a look agreed with, was heard.
    const heardUntil = reason === DEAF ? Math.max(this.#heardAt, this.#agreedAt) : this.#socket.heardAt;
    this.#lost = { heardUntil: Math.max(this.#soundSince, heardUntil), reason };
    this.#soundSince = null;
    this.#options.onSound(false);
  }

  #onTick(now: number): void {
    this.#tell(this.#book.tick(now), now);
    if (!this.#socket.up || this.#looking) return;
    const silent = now - Math.max(this.#heardAt, this.#lookedAt) > SILENCE_MS;
    const quiet = now - this.#lookedAt > QUIET_MS && this.#book.quietSince(now - QUIET_MS).length > 0;
    if (silent || quiet || (this.#lookDue && now - this.#lookedAt > LOOK_RETRY_MS)) void this.#look();
  }

  /** Asks the PBX for its channels and holds the calls against them; a PBX that answers is up. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const askedAt = Date.now();
    this.#lookedAt = askedAt;
    const afterGap = this.#lookDue;
    try {
      const [channels, bridges] = await Promise.all([this.#http.channels(), this.#http.bridges()]);
      if (!this.#socket.up) return;
      const now = Date.now();
      const found = this.#book.reconcile(channels, askedAt, now, bridges);
      this.#tell(found, now);
      this.#lookDue = false;
      this.#options.state.up();
      if (this.#soundSince === null) this.#becomeSound(found, now);
      const missed = found.some(({ type, call }) => BEGINS.has(type) && askedAt - call.startedAt > DEAF_AFTER_MS);
      if (missed && !afterGap) this.#socket.cut(DEAF);
      else this.#agreedAt = askedAt;
    } catch (error) {
      this.#options.log.warn({ pbx: this.#options.pbx, err: error }, 'cannot ask the PBX for its channels');
    } finally {
      this.#looking = false;
    }
  }

  #becomeSound(found: readonly CallEffect[], now: number): void {
    this.#soundSince = now;
    this.#found = { inferredEnds: this.#book.presumed, adopted: new Set(found.filter(({ type }) => BEGINS.has(type)).map(({ call }) => call.callId)).size };
    this.#options.onSound(true);
  }

  #tell(effects: readonly CallEffect[], receivedAt: number): void {
    if (effects.length > 0) this.#options.onEffects(effects, receivedAt);
  }
}
