import type { Settlement } from '@discador/bus/consumer';
import type { ConsumeMessage } from 'amqplib';
import type { Process } from './process.ts';

interface Delivery {
  message: ConsumeMessage;
  to: Process;
}

const DELIVERY_LIMIT = 50;

/** A queue as RabbitMQ promises it and no better: each message at least once, in no order; unsettled ones come again. */
export class SimulatedQueue {
  waiting: ConsumeMessage[] = [];
  unsettled: Delivery[] = [];
  readonly parked: ConsumeMessage[] = [];
  readonly #deliveries = new Map<Buffer, number>();

  publish(content: Buffer): void {
    this.waiting.push({ content, fields: { redelivered: false } } as ConsumeMessage);
  }

  deliver(messages: ConsumeMessage[], to: Process): Delivery[] {
    const deliveries = messages.map((message) => ({ message, to }));
    this.waiting = this.waiting.filter((message) => !messages.includes(message));
    this.unsettled.push(...deliveries);
    return deliveries;
  }

  /** Settlements of what was meanwhile given to someone else change nothing. */
  settle(delivery: Delivery, settlement: Settlement): void {
    if (!this.unsettled.includes(delivery)) return;
    if (settlement === 'requeue') return this.again(delivery);
    this.unsettled = this.unsettled.filter((other) => other !== delivery);
    if (settlement === 'drop') this.parked.push(delivery.message);
  }

  /** The consumer's connection is gone, whatever the consumer still does: back into the queue. */
  again(delivery: Delivery): void {
    if (!this.unsettled.includes(delivery)) return;
    this.unsettled = this.unsettled.filter((other) => other !== delivery);
    const { content } = delivery.message;
    const times = (this.#deliveries.get(content) ?? 0) + 1;
    this.#deliveries.set(content, times);
    const message = { content, fields: { redelivered: true } } as ConsumeMessage;
    (times >= DELIVERY_LIMIT ? this.parked : this.waiting).push(message);
  }

  allAgain(of: Process): void {
    for (const delivery of this.unsettled.filter(({ to }) => to === of)) this.again(delivery);
  }
}
