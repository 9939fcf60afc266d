import { connect, type Channel, type ChannelModel } from 'amqplib';
import { ExponentialBackoff, halfJitterGenerator, handleAll, retry } from 'cockatiel';
import type { Logger } from 'pino';
import { atMost, closeQuietly, endSocket } from './close-quietly.ts';
import { gatherWrites } from './gather-writes.ts';
import { assertTopology } from './topology.ts';

export interface BusOptions {
  /** `amqp://user:password@host:port/vhost`; a `heartbeat` in its query, in seconds, is kept */
  url: string;
  /** shown in RabbitMQ's list of connections */
  name: string;
  log: Logger;
  /** told at each change; the dependency switch of libs/runtime fits */
  state?: { up(): void; down(reason: string): void };
  /** declares what is used, on each new connection; everything unless told otherwise */
  topology?(channel: Channel): Promise<void>;
  /** as long as what is sent may wait for more to leave with it, in milliseconds; default 8 */
  gatherMs?: number;
}

/** Unnoticed beside a call, and enough for several calls' messages to share a write. */
const GATHER_MS = 8;

type Setup = (connection: ChannelModel) => Promise<void>;

/** A broker that does not answer, or an attempt to connect under way, gives up by itself. */
const CLOSE_WITHIN_MS = 2000;
const OPEN_WITHIN_MS = 2500;
/** A silent broker is found after 2 to 3 of them. The shortest that AMQP knows: dialling stands still until then. */
const HEARTBEAT_SEC = 1;
/** How long to wait before the next try: never much, with jitter also at the bound, so that the replicas do not come back in step. */
const BACKOFF = new ExponentialBackoff({ generator: halfJitterGenerator, initialDelay: 100, maxDelay: 1000 });

/** One connection to RabbitMQ that comes back by itself, for ever. Publishers and consumers register a set-up that is run on
 *  each new connection, after the topology has been declared. */
export class BusConnection {
  readonly #options: BusOptions;
  readonly #setups: Setup[] = [];
  readonly #stopping = new AbortController();
  #connection: ChannelModel | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: BusOptions) {
    this.#options = options;
  }

  get up(): boolean {
    return this.#connection !== undefined;
  }

  /** Registers before `start()`. A set-up that throws makes the connection be dropped and tried again. */
  onConnect(setup: Setup): void {
    this.#setups.push(setup);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    if (this.#connection) void closeQuietly(this.#connection);
    if (this.#loop) await atMost(CLOSE_WITHIN_MS, this.#loop);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const policy = retry(handleAll, { maxAttempts: Number.MAX_SAFE_INTEGER, backoff: BACKOFF });
    policy.onFailure(({ reason }) => this.#down('error' in reason ? reasonOf(reason.error) : 'unknown'));
    while (!signal.aborted) {
      const closed = await policy.execute(() => this.#connectOnce(), signal).catch(() => undefined);
      if (!closed) return;
      await closed[0];
      this.#connection = undefined;
      if (!signal.aborted) this.#down('connection lost');
    }
  }

  /** @returns a promise (wrapped, or `await` would follow it) that resolves when the connection has closed */
  async #connectOnce(): Promise<[Promise<void>]> {
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const url = new URL(this.#options.url);
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_SEC));
    const connection = await connect(url.toString(), {
      timeout: OPEN_WITHIN_MS,
      noDelay: true,
      clientProperties: { connection_name: this.#options.name },
    });
    gatherWrites(connection, this.#options.gatherMs ?? GATHER_MS);
    connection.setMaxListeners(0); // some for each publisher and consumer, of which a process has as many as its settings say
    connection.on('error', (error: Error) => this.#options.log.debug({ err: error }, 'bus connection error'));
    connection.on('blocked', (reason: string) => this.#down(`takes no messages: ${reason}`));
    connection.on('unblocked', () => this.#options.state?.up());
    const closed = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    connection.once('close', () => endSocket(connection));
    try {
      const channel = await connection.createChannel();
      channel.on('error', (error: Error) => this.#options.log.warn({ err: error }, 'bus topology refused'));
      await (this.#options.topology ?? assertTopology)(channel);
      await closeQuietly(channel);
      for (const setup of this.#setups) await setup(connection);
      signal.throwIfAborted();
    } catch (error) {
      await closeQuietly(connection);
      throw error;
    }
    this.#connection = connection;
    this.#options.state?.up();
    this.#options.log.info('bus connected');
    return [closed];
  }

  #down(reason: string): void {
    this.#options.state?.down(reason);
    this.#options.log.warn({ reason }, 'bus is away');
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return String(code ?? message ?? error);
}
