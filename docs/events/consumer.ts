import { connect } from 'amqplib';

const connection = await connect(process.env.AMQP_URL ?? 'amqp://localhost');
const channel = await connection.createChannel();
const queue = 'example.ended-calls'; // yours alone: events wait in it while you are away
await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await channel.bindQueue(queue, 'discador.events', 'call.ended.#');
await channel.prefetch(100);

const seen = new Set(); // better: a unique key in the database, written in the transaction of your work
await channel.consume(queue, (message) => {
  if (!message) throw new Error('the queue is gone');
  const { id, data } = JSON.parse(message.content.toString());
  if (!seen.has(id)) console.log(`${data.callId} ${data.disposition} ${data.durationMs} ms`);
  if (seen.add(id).size > 100_000) seen.delete(seen.keys().next().value);
  channel.ack(message);
});
