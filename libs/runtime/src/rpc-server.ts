import { setTimeout as delay } from 'node:timers/promises';
import { ServerRMQ } from '@nestjs/microservices';
import type { Logger } from 'pino';

const CLOSE_WITHIN_MS = 1000;

/** The manager's own default waits 5 s after each loss. */
export const RPC_SOCKET = { reconnectTimeInSeconds: 1, heartbeatIntervalInSeconds: 5 };

interface Channels {
  createChannel(options: unknown): { on(event: 'error', listener: (error: Error) => void): void };
}

/** Gives every channel of a connection manager an `error` listener. Nest gives it none, so that a broker which went away while
 *  a channel was being set up would end the process. The manager sets the channel up again by itself. */
export function guardChannels<T>(manager: T, log: Logger): T {
  const guarded = manager as T & Channels;
  const create = guarded.createChannel.bind(manager);
  guarded.createChannel = (options) => {
    const channel = create(options);
    channel.on('error', (error) => log.warn({ err: error }, 'a channel for requests over the bus failed'));
    return channel;
  };
  return manager;
}

/** Answers requests on a queue of this process's own, which goes with it. */
export class RpcServer extends ServerRMQ {
  readonly #log: Logger;

  constructor(url: string, queue: string, log: Logger) {
    const queueOptions = { durable: false, exclusive: true, autoDelete: true };
    super({ urls: [url], queue, queueOptions, noAck: true, prefetchCount: 10, socketOptions: RPC_SOCKET } as ServerRMQ['options']);
    this.#log = log;
  }

  override async createClient<T>(): Promise<T> {
    return guardChannels(await super.createClient<T>(), this.#log);
  }

  /** Bounded: with the broker away the manager waits out its reconnect delay, and a channel half set up is never done. */
  override async close(): Promise<void> {
    const closed = super.close().catch((error: unknown) => this.#log.debug({ err: error }, 'the bus was away at the end'));
    await Promise.race([closed, delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }
}
