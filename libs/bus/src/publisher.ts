import { DiscadorError } from '@discador/contracts/discador-error';
import type { ConfirmChannel, Options } from 'amqplib';
import type { BusConnection } from './bus-connection.ts';

export interface OutgoingMessage {
  exchange: string;
  routingKey: string;
  content: Buffer;
  messageId?: string;
  type?: string;
  /** return it (error `bus_rejected`) when no queue is bound to its key */
  mandatory?: boolean;
}

/** Publishes with confirms. Nothing is buffered here: while the bus is away `publish` fails at once and the caller decides. */
export class Publisher {
  #channel: ConfirmChannel | undefined;
  readonly #pending = new Set<(error: Error) => void>();
  readonly #returned = new Set<string>();
  readonly #maxPending: number;

  /** @param maxPending messages without a confirm before `publish` answers `bus_full` */
  constructor(bus: BusConnection, { maxPending = 20_000 }: { maxPending?: number } = {}) {
    this.#maxPending = maxPending;
    bus.onConnect(async (connection) => {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined); // 'close' follows
      channel.on('return', (message) => void this.#returned.add(String(message.properties.messageId)));
      channel.once('close', () => this.#lost(channel));
      connection.once('close', () => this.#lost(channel));
      this.#channel = channel;
    });
  }

  get up(): boolean {
    return this.#channel !== undefined;
  }

  get unconfirmed(): number {
    return this.#pending.size;
  }

  /** Resolves when the broker has confirmed the message (on every quorum queue it went to).
   *  @throws DiscadorError `bus_down` (never sent, or sent and unknown), `bus_rejected` (queue full, or unroutable), `bus_full` */
  publish(message: OutgoingMessage): Promise<void> {
    const channel = this.#channel;
    if (!channel) return Promise.reject(new DiscadorError('bus_down', 'RabbitMQ is away', { retry: 'later' }));
    if (this.#pending.size >= this.#maxPending) {
      return Promise.reject(new DiscadorError('bus_full', 'too many unconfirmed messages', { retry: 'later' }));
    }
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      const options: Options.Publish = { persistent: true, contentType: 'application/json', mandatory: message.mandatory ?? false };
      if (message.messageId) options.messageId = message.messageId;
      if (message.type) options.type = message.type;
      channel.publish(message.exchange, message.routingKey, message.content, options, (error: unknown) => {
        this.#pending.delete(reject);
        const unroutable = message.mandatory === true && this.#returned.delete(message.messageId ?? '');
        if (error || unroutable) reject(new DiscadorError('bus_rejected', unroutable ? 'no queue takes this message' : 'the broker refused the message', { retry: 'later' }));
        else resolve();
      });
    });
  }

  /** Waits until nothing is unconfirmed, at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const channel = this.#channel;
    if (!channel || this.#pending.size === 0) return;
    await Promise.race([channel.waitForConfirms().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
  }

  #lost(channel: ConfirmChannel): void {
    if (this.#channel === channel) this.#channel = undefined;
    const error = new DiscadorError('bus_down', 'the connection to RabbitMQ went before the confirm', { retry: 'later' });
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
  }
}
