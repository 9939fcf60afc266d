import { setTimeout as delay } from 'node:timers/promises';
import type { BusConnection } from '@discador/bus/bus-connection';
import { PARKED_QUEUE } from '@discador/bus/topology';
import type { QueueDepth } from '@discador/contracts/http/system';
import { OUTCOMES_QUEUE, SLICES_QUEUE } from '@discador/contracts/slice';
import type { Channel } from 'amqplib';

const NAMES = [SLICES_QUEUE, OUTCOMES_QUEUE, PARKED_QUEUE];

/** How long the broker's queues are. Make it before the bus is started. */
export class BrokerQueues {
  readonly #timeoutMs: number;
  #channel: Channel | undefined;

  constructor(bus: BusConnection, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    bus.onConnect(async (connection) => {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      channel.once('close', () => {
        if (this.#channel === channel) this.#channel = undefined;
      });
      this.#channel = channel;
    });
  }

  /** @returns null when the broker is away or does not answer in time */
  async depths(): Promise<QueueDepth[] | null> {
    const channel = this.#channel;
    if (!channel) return null;
    const asked = Promise.all(NAMES.map(async (name) => {
      const { messageCount, consumerCount } = await channel.checkQueue(name);
      return { name, messages: messageCount, consumers: consumerCount };
    }));
    return Promise.race([asked.catch(() => null), delay(this.#timeoutMs, null, { ref: false })]);
  }
}
