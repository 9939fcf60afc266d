import { connect, type NetConnectOpts } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, type RawData } from 'ws';
import type { Log } from '../log.ts';
import { ReconnectDelay } from '../reconnect-delay.ts';
import { parseAriUrl, type AriAddress } from './ari-address.ts';
import { gatherReads } from './gather-reads.ts';

export interface AriSocketOptions {
  /** `http://user:secret@host:port` */
  url: string;
  /** ARI application name; two sockets with one name push each other out, so each replica has its own. */
  application: string;
  log: Log;
  /** Default 500; a socket that has brought neither an event nor an answer to two pings in a row is cut at the third, after 1 to 1.5 s. */
  pingEveryMs?: number;
  /** Each message as it came. @param receivedAt  epoch milliseconds, our clock */
  onEvent(raw: Buffer | string, receivedAt: number): void;
  onUp?(): void;
  onDown?(reason: string): void;
}

const DEFAULT_PING_MS = 500;
/** Counted, not timed: a process that was stopped for seconds finds the answers waiting in its own socket. */
const UNANSWERED_PINGS = 2;
/** A packet that was lost while the PBX was away is sent again only after a second, and then two: a new try is sooner. With the delay below this
 *  makes a try that reaches the PBX within 0.9 s of its return. */
const CONNECT_TIMEOUT_MS = 500;
const MAX_DELAY_MS = 400;
const OPEN_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 1_000;
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** The event stream of one PBX, opened again for ever. There is one socket at a time: opening before the old one has closed gave
 *  sockets without events in 7 of 40 tries. */
export class AriSocket {
  readonly #options: AriSocketOptions;
  readonly #address: AriAddress;
  readonly #pingMs: number;
  readonly #closing = new AbortController();
  readonly #delay = new ReconnectDelay({ maxMs: MAX_DELAY_MS });
  #socket: WebSocket | null = null;
  #up = false;
  #unanswered = 0;
  #heardAt = 0;
  #toldReason = '';
  #cutReason: string | null = null;
  #running: Promise<void> | null = null;

  /** @throws TypeError when the address is malformed */
  constructor(options: AriSocketOptions) {
    this.#options = options;
    this.#address = parseAriUrl(options.url);
    this.#pingMs = options.pingEveryMs ?? DEFAULT_PING_MS;
  }

  get up(): boolean {
    return this.#up;
  }

  /** When it last brought an event or the answer to a ping, epoch milliseconds; stays when the socket goes. 0 before the first. */
  get heardAt(): number {
    return this.#heardAt;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Replaces the socket, e.g. when it is silent while the PBX is known to have calls. The next one is opened once the PBX has said that this one
   *  is closed, or has said nothing for a second. */
  cut(reason: string): void {
    if (this.#cutReason !== null) return;
    this.#cutReason = reason;
    this.#end();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#end();
    await this.#running;
  }

  #end(): void {
    const socket = this.#socket;
    if (socket === null) return;
    socket.close(1000);
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
  }

  async #run(): Promise<void> {
    const stop = this.#closing.signal;
    while (!stop.aborted) {
      const reason = await this.#live();
      if (stop.aborted) break;
      const waitMs = this.#delay.nextMs();
      const level = reason === this.#toldReason ? 'debug' : 'warn'; // a try a second, told once
      this.#toldReason = reason;
      this.#options.log[level]({ application: this.#options.application, reason, retryInMs: waitMs }, 'ARI event stream is away');
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** One socket's life. @returns why it ended, once it has closed */
  async #live(): Promise<string> {
    const query = new URLSearchParams({ app: this.#options.application, subscribeAll: 'true' });
    const socket = new WebSocket(`${this.#address.base.replace(/^http/, 'ws')}/events?${query}`, {
      headers: { authorization: this.#address.authorization },
      ...(this.#address.base.startsWith('http:') ? { createConnection: connectSoon } : {}), // with TLS one that knows certificates
      handshakeTimeout: OPEN_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      skipUTF8Validation: true, // Asterisk's own JSON; JSON.parse judges it
    });
    gatherReads(socket);
    this.#socket = socket;
    this.#cutReason = null;
    let failure: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    socket.on('error', (error) => (failure ??= error.message));
    socket.on('open', () => {
      this.#unanswered = 0;
      this.#watch(socket); // the answer proves the connection, so that the delay starts anew
      timer = setInterval(() => this.#watch(socket), this.#pingMs);
      this.#setUp();
    });
    socket.on('message', (data: RawData) => {
      this.#unanswered = 0;
      this.#heardAt = Date.now();
      this.#options.onEvent(data as Buffer, this.#heardAt);
    });
    socket.on('pong', () => {
      this.#unanswered = 0;
      this.#heardAt = Date.now();
      this.#delay.reset();
    });
    const code = await new Promise<number>((resolve) => socket.once('close', resolve));
    clearInterval(timer);
    this.#socket = null;
    const reason = this.#cutReason ?? failure ?? `closed with code ${code}`;
    if (this.#up) this.#setDown(reason);
    return reason;
  }

  #watch(socket: WebSocket): void {
    if (this.#unanswered >= UNANSWERED_PINGS) {
      this.#cutReason ??= 'silent';
      return socket.terminate(); // nobody is there to close it
    }
    this.#unanswered += 1;
    socket.ping();
  }

  #setUp(): void {
    this.#up = true;
    this.#toldReason = '';
    this.#options.log.info({ application: this.#options.application }, 'ARI event stream is up');
    this.#options.onUp?.();
  }

  #setDown(reason: string): void {
    this.#up = false;
    this.#options.onDown?.(reason);
  }
}

/** Opens the connection below a WebSocket, which gives up when this one says `timeout`: soon while nobody answers, later once somebody has. */
const connectSoon = ((options: NetConnectOpts) => {
  const socket = connect({ ...options, path: undefined, timeout: CONNECT_TIMEOUT_MS } as NetConnectOpts);
  return socket.once('connect', () => socket.setTimeout(OPEN_TIMEOUT_MS));
}) as typeof connect; // ws calls it in this one of its forms
