import { DiscadorError } from '@discador/contracts/discador-error';
import { setTimeout as sleep } from 'node:timers/promises';
import { v4 as uuidv4 } from 'uuid';
import type { Log } from '../log.ts';
import { ReconnectDelay } from '../reconnect-delay.ts';
import { encodeAction, type AmiAction, type AmiMessage } from './ami-message.ts';
import { openAmiSession, parseAmiUrl, type AmiAddress, type AmiSession } from './ami-session.ts';
import { ClockOffset } from './clock-offset.ts';
import { PendingActions } from './pending-actions.ts';

export interface AmiOptions {
  /** `tcp://user:secret@host:port` */
  url: string;
  /** The PBX's name, for logs. */
  name: string;
  log: Log;
  /** Default 500; a peer that leaves two pings in a row unanswered is cut off at the third, after 1 to 1.5 s. */
  pingEveryMs?: number;
  /** Actions that may wait for their response at once; default 2,000. */
  maxPending?: number;
  /** Logged in, and the first ping answered, so that `clockOffsetMs` is known. */
  onUp?(): void;
  onDown?(reason: string): void;
}

type Handler = (message: AmiMessage) => void;

const DEFAULT_PING_MS = 500;
/** Pings in a row without an answer. Counted, not timed: a process that was stopped for seconds finds the answers waiting in its own
 *  socket, and must not take the peer for silent before it has read them. */
const UNANSWERED_PINGS = 2;
/** The answer to every action, ping included, from `core stop gracefully` until the last call has ended, or `core abort shutdown`. */
const STOPPING = 'Asterisk is shutting down';
const DEFAULT_MAX_PENDING = 2_000;
const DEFAULT_ACTION_TIMEOUT_MS = 10_000;

/** A connection to the Asterisk Manager Interface that comes back for ever, wrapped around asterisk-ami-client, whose own retries, ActionIDs
 *  and promises are not used: it mixes up responses, gives up, and does not notice a silent peer. */
export class AmiConnection {
  readonly #options: AmiOptions;
  readonly #address: AmiAddress;
  readonly #pingMs: number;
  readonly #pending = new PendingActions();
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #closing = new AbortController();
  readonly #delay = new ReconnectDelay();
  readonly #clock = new ClockOffset();
  #session: AmiSession | null = null;
  #up = false;
  #stopping = false;
  #unanswered = 0;
  #toldReason = '';
  #running: Promise<void> | null = null;

  /** @throws TypeError when the address is malformed */
  constructor(options: AmiOptions) {
    this.#options = options;
    this.#address = parseAmiUrl(options.url);
    this.#pingMs = options.pingEveryMs ?? DEFAULT_PING_MS;
  }

  /** Connects, and connects again for ever, until `close`; calling it twice does nothing. */
  start(): void {
    this.#running ??= this.#run();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Whether it only waits for its last calls to end, and refuses every action. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Milliseconds that the PBX's clock is ahead of ours; null before the first ping was answered. */
  get clockOffsetMs(): number | null {
    return this.#clock.offsetMs;
  }

  /** Actions waiting for their response. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Sends one action and waits for its own response, which may say `Response: Error`: that is a value, not an exception.
   *  @param timeoutMs  default 10,000
   *  @throws DiscadorError `invalid_ami_value` (nothing was sent), `ami_down`, `ami_overloaded`, `ami_timeout`; of the last three,
   *  `details.sent` tells whether the PBX may have it */
  async action(fields: AmiAction, timeoutMs: number = DEFAULT_ACTION_TIMEOUT_MS): Promise<AmiMessage> {
    const given = fields['ActionID'];
    const actionId = typeof given === 'string' ? given : uuidv4();
    const text = encodeAction(fields, actionId);
    if (!this.#up) throw this.#down('not connected', false);
    if (this.#pending.size >= (this.#options.maxPending ?? DEFAULT_MAX_PENDING) || this.#pending.has(actionId)) {
      throw new DiscadorError('ami_overloaded', 'too many actions wait for a response', { retry: 'later', details: { pending: this.#pending.size, sent: false } });
    }
    return this.#send(actionId, text, timeoutMs);
  }

  /** @param event  an event's name as Asterisk writes it, or `*` for every event
   *  @returns a function that takes the handler off again */
  on(event: string, handler: Handler): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  /** Ends the connection for good; what is pending fails with `ami_down`. */
  async close(): Promise<void> {
    this.#session?.cut('closed');
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const stop = this.#closing.signal;
    while (!stop.aborted) {
      const reason = await this.#live().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      this.#pending.failAll((actionId) => this.#down(reason, true, actionId));
      this.#clock.forget();
      if (stop.aborted) break;
      const waitMs = this.#delay.nextMs();
      const level = reason === this.#toldReason ? 'debug' : 'warn'; // a try a second, told once
      this.#toldReason = reason;
      this.#options.log[level]({ pbx: this.#options.name, reason, retryInMs: waitMs }, 'AMI connection is away');
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** One connection's life; @returns why it ended. */
  async #live(): Promise<string> {
    const ended = Promise.withResolvers<string>();
    const handlers = {
      onEvent: (message: AmiMessage) => this.#dispatch(message),
      onResponse: (message: AmiMessage) => {
        this.#stopping = message['Message'] === STOPPING;
        this.#pending.settle(message['ActionID'] ?? '', message);
      },
      onEnd: (reason: string) => {
        this.#session = null;
        if (this.#up) this.#setDown(reason);
        ended.resolve(reason);
      },
    };
    this.#stopping = false;
    this.#session = await openAmiSession(this.#address, handlers, this.#pingMs * 3, this.#closing.signal);
    this.#unanswered = 0;
    this.#ping();
    const timer = setInterval(() => this.#watch(), this.#pingMs);
    try {
      return await ended.promise;
    } finally {
      clearInterval(timer);
    }
  }

  #watch(): void {
    if (this.#unanswered >= UNANSWERED_PINGS) this.#session?.cut('silent');
    else this.#ping();
  }

  #ping(): void {
    const actionId = uuidv4();
    const sentAt = Date.now();
    this.#unanswered += 1;
    this.#send(actionId, encodeAction({ Action: 'Ping' }, actionId), this.#pingMs * 3).then(
      (answer) => this.#onPong(answer, sentAt),
      () => undefined, // the watch cuts a silent peer, and the session's end fails the rest
    );
  }

  #onPong(answer: AmiMessage, sentAt: number): void {
    this.#unanswered = 0;
    this.#clock.observe(Number(answer['Timestamp']) * 1000, sentAt, Date.now());
    if (this.#up || this.#session === null) return;
    this.#up = true;
    this.#delay.reset();
    this.#toldReason = '';
    this.#options.log.info({ pbx: this.#options.name, clockOffsetMs: this.#clock.offsetMs }, 'AMI connection is up');
    this.#options.onUp?.();
  }

  #setDown(reason: string): void {
    this.#up = false;
    this.#options.onDown?.(reason);
  }

  #send(actionId: string, text: string, timeoutMs: number): Promise<AmiMessage> {
    if (!this.#session?.send(text)) return Promise.reject(this.#down('connection just went', false, actionId));
    return this.#pending.wait(actionId, timeoutMs);
  }

  #dispatch(message: AmiMessage): void {
    for (const name of [message['Event'] ?? '', '*']) {
      for (const handler of this.#handlers.get(name) ?? []) {
        try {
          handler(message);
        } catch (error) {
          // An exception would surface inside the library's parser and stop the stream.
          this.#options.log.error({ pbx: this.#options.name, event: name, err: error }, 'AMI event handler failed');
        }
      }
    }
  }

  #down(reason: string, sent: boolean, actionId?: string): DiscadorError {
    return new DiscadorError('ami_down', `AMI of ${this.#options.name} is away: ${reason}`, {
      retry: 'later',
      details: { pbx: this.#options.name, reason, sent, actionId },
    });
  }
}
