import { AriHttp } from '@discador/asterisk/ari/ari-http';
import { parseAriEvent } from '@discador/asterisk/ari/ari-event';
import { AriSocket } from '@discador/asterisk/ari/ari-socket';
import { CallBook } from '@discador/domain/calls/call-book';
import type { CallEffect } from '@discador/domain/calls/call-state';
import type { Logger } from 'pino';

export interface PbxObserverOptions {
  pbx: string;
  ariUrl: string;
  /** ARI application name, unique among all replicas. */
  application: string;
  log: Logger;
  state: { up(): void; down(reason: string): void };
  onEffects(effects: readonly CallEffect[], receivedAt: number): void;
  /** @param type  an ARI event type, or `malformed` */
  onEvent(type: string): void;
  onReconnect(): void;
}

const TICK_MS = 250;
const LOOK_RETRY_MS = 1_000;
/** With no event for this long, the PBX is asked whether that is right. */
const SILENCE_MS = 10_000;
/** Calls without news for this long are looked for. */
const QUIET_MS = 60_000;
/** A channel older than this, of which no event told, means that the socket is deaf. */
const DEAF_AFTER_MS = 3_000;

/** Watches one PBX: its event stream, a look at its channels after each gap, and the calls that follow from both. */
export class PbxObserver {
  readonly #options: PbxObserverOptions;
  readonly #book = new CallBook();
  readonly #http: AriHttp;
  readonly #socket: AriSocket;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #lookedAt = 0;
  #looking = false;
  #lookDue = false;

  constructor(options: PbxObserverOptions) {
    this.#options = options;
    this.#http = new AriHttp(options.ariUrl);
    this.#socket = new AriSocket({
      url: options.ariUrl,
      application: options.application,
      log: options.log,
      onEvent: (raw, receivedAt) => this.#onEvent(raw, receivedAt),
      onUp: () => this.#onUp(),
      onDown: (reason) => options.state.down(reason),
    });
  }

  get connected(): boolean {
    return this.#socket.up;
  }

  /** Calls going on. */
  get active(): number {
    return this.#book.active;
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
      this.#options.log.warn({ pbx: this.#options.pbx, reason: parsed.reason }, 'malformed ARI event');
      return;
    }
    this.#options.onEvent(parsed.type);
    if (parsed.kind === 'channel') this.#tell(this.#book.apply(parsed.event, receivedAt), receivedAt);
    // The other socket of this name now gets the events; this one would stay open and silent.
    else if (parsed.type === 'ApplicationReplaced') this.#socket.cut('another socket took the application name');
  }

  #onUp(): void {
    this.#options.onReconnect();
    this.#lookDue = true;
    void this.#look();
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
      const channels = await this.#http.channels();
      if (!this.#socket.up) return;
      const now = Date.now();
      const found = this.#book.reconcile(channels, askedAt, now);
      this.#tell(found, now);
      this.#lookDue = false;
      this.#options.state.up();
      const missed = found.some(({ type, call }) => type === 'dialing' && askedAt - call.startedAt > DEAF_AFTER_MS);
      if (missed && !afterGap) this.#socket.cut('calls go on of which the socket told nothing');
    } catch (error) {
      this.#options.log.warn({ pbx: this.#options.pbx, err: error }, 'cannot ask the PBX for its channels');
    } finally {
      this.#looking = false;
    }
  }

  #tell(effects: readonly CallEffect[], receivedAt: number): void {
    if (effects.length > 0) this.#options.onEffects(effects, receivedAt);
  }
}
