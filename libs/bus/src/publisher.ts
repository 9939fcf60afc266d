import { randomUUID } from 'node:crypto';
import { DiscadorError } from '@discador/contracts/discador-error';
import { IllegalOperationError, type ChannelModel, type ConfirmChannel, type Options } from 'amqplib';
import type { BusConnection } from './bus-connection.ts';
import { atMost } from './close-quietly.ts';

export interface OutgoingMessage {
  exchange: string;
  routingKey: string;
  content: Buffer;
  messageId?: string;
  type?: string;
  /** about this sending of it, not about what it says: a repeat may carry others */
  headers?: Readonly<Record<string, string | number>>;
  /** return it (error `bus_rejected`) when no queue is bound to its key */
  mandatory?: boolean;
}

/** A channel with what waits for its confirm there. */
interface Lane {
  channel: ConfirmChannel;
  pending: Set<(error: Error) => void>;
  /** message ids that came back unroutable; their confirm follows */
  returned: Set<string>;
  /** the broker takes nothing for now: out of memory or disk */
  blocked: boolean;
}

const REOPEN_MS = 100;

/** Publishes with confirms. Nothing is buffered here: while the bus is away `publish` fails at once and the caller decides. */
export class Publisher {
  readonly #maxPending: number;
  #lane: Lane | undefined;
  #idle: (() => void)[] = [];

  /** @param maxPending messages without a confirm before `publish` answers `bus_full` */
  constructor(bus: BusConnection, { maxPending = 20_000 }: { maxPending?: number } = {}) {
    this.#maxPending = maxPending;
    bus.onConnect((connection) => this.#open(connection));
  }

  get up(): boolean {
    return this.#lane !== undefined && !this.#lane.blocked;
  }

  get unconfirmed(): number {
    return this.#lane?.pending.size ?? 0;
  }

  /** Resolves when the broker has confirmed the message (on every quorum queue it went to).
   *  @throws DiscadorError `bus_down` (never sent, or sent and unknown), `bus_rejected` (queue full, or unroutable), `bus_full` */
  publish(message: OutgoingMessage): Promise<void> {
    const lane = this.#lane;
    if (!lane || lane.blocked) return Promise.reject(busDown('RabbitMQ is away'));
    if (lane.pending.size >= this.#maxPending) {
      return Promise.reject(new DiscadorError('bus_full', 'too many unconfirmed messages', { retry: 'later' }));
    }
    const options = optionsOf(message);
    return new Promise<void>((resolve, reject) => {
      const onConfirm = (error: unknown): void => {
        if (!lane.pending.delete(reject)) return; // the channel has closed, or the broker is blocked: refused already
        const unroutable = message.mandatory === true && lane.returned.delete(options.messageId ?? '');
        if (unroutable) reject(rejected('no queue takes this message'));
        else if (error) reject(rejected('the broker refused the message'));
        else resolve();
        if (lane.pending.size === 0) this.#wakeIdle();
      };
      try {
        lane.channel.publish(message.exchange, message.routingKey, message.content, options, onConfirm);
        lane.pending.add(reject);
      } catch (error) {
        reject(error instanceof IllegalOperationError ? busDown('the connection to RabbitMQ is closing', error) : error);
      }
    });
  }

  /** Waits until nothing is unconfirmed, at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.unconfirmed > 0) await atMost(timeoutMs, new Promise<void>((resolve) => this.#idle.push(resolve)));
  }

  async #open(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel();
    const lane: Lane = { channel, pending: new Set(), returned: new Set(), blocked: false };
    let connected = true;
    connection.once('close', () => (connected = false));
    connection.on('blocked', () => {
      lane.blocked = true;
      this.#refuse(lane, 'the broker takes no messages for now');
    });
    connection.on('unblocked', () => (lane.blocked = false));
    channel.on('error', () => undefined); // 'close' follows
    channel.on('return', (message) => void lane.returned.add(String(message.properties.messageId)));
    // Before amqplib's own listener, which would tell each message that it was refused when nobody knows.
    channel.prependOnceListener('close', () => {
      if (this.#lane === lane) this.#lane = undefined;
      this.#refuse(lane, 'the connection to RabbitMQ went before the confirm');
      // A message to an exchange that is not there costs the channel, not the connection.
      setTimeout(() => connected && void this.#open(connection).catch(() => undefined), REOPEN_MS).unref();
    });
    this.#lane = lane;
  }

  #refuse(lane: Lane, reason: string): void {
    const error = busDown(reason);
    for (const reject of lane.pending) reject(error);
    lane.pending.clear();
    this.#wakeIdle();
  }

  #wakeIdle(): void {
    for (const wake of this.#idle.splice(0)) wake();
  }
}

function optionsOf(message: OutgoingMessage): Options.Publish {
  const options: Options.Publish = { persistent: true, contentType: 'application/json', mandatory: message.mandatory ?? false };
  // A returned message is known by its id.
  const messageId = message.messageId ?? (message.mandatory ? randomUUID() : undefined);
  if (messageId) options.messageId = messageId;
  if (message.type) options.type = message.type;
  if (message.headers) options.headers = message.headers;
  return options;
}

function busDown(reason: string, cause?: unknown): DiscadorError {
  return new DiscadorError('bus_down', reason, { retry: 'later', cause });
}

function rejected(reason: string): DiscadorError {
  return new DiscadorError('bus_rejected', reason, { retry: 'later' });
}
