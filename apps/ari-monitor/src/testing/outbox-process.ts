/** A process of its own that holds an outbox, for tests that kill it: adds 500 messages a second, five calls taking turns, and says up to which
 *  number all are at the broker or on disk. Ends when its input does, having published the rest.
 *  Arguments: the broker's address, the spool's folder, the number of its first message. */
import { BusConnection } from '@discador/bus/bus-connection';
import { Publisher } from '@discador/bus/publisher';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { pino } from 'pino';
import { Outbox } from '../outbox.ts';
import { Spool } from '../spool/spool.ts';

const PER_TICK = 5;
const TICK_MS = 10;

const [, , url = '', folder = '', first = '1'] = process.argv;
const log = pino({ level: 'silent' });
const fail = (...reasons: unknown[]): never => {
  process.stderr.write(`${reasons.join(' ')}\n`);
  process.exit(1);
};
const bus = new BusConnection({ url, name: 'outbox', log, state: { up: () => outbox.drain(), down: () => undefined } });
const publisher = new Publisher(bus);
const spool = new Spool({ folder, maxBytes: 100_000_000, maxPendingBytes: 10_000_000, onError: fail, onLost: fail });
const outbox = new Outbox({ publisher, spool, keepMs: 15_000, maxBuffered: 10_000, onPublished: () => undefined, onDropped: fail, onLost: fail, onFailure: () => undefined });
let next = Number(first);

function add(): void {
  for (let i = 0; i < PER_TICK; i += 1) {
    const content = Buffer.from(JSON.stringify({ n: next, call: next % PER_TICK, filling: 'x'.repeat(500) }));
    outbox.add({ exchange: EVENTS_EXCHANGE, routingKey: 'call.dtmf.none', content, messageId: `message ${next}`, important: false, receivedAt: Date.now() });
    next += 1;
  }
}

function tellSafe(): void {
  const onDisk = spool.unwritten === 0 && spool.messages >= outbox.size;
  if (onDisk) process.stdout.write(`safe ${next - 1}\n`);
}

bus.start();
outbox.activate();
const adding = setInterval(() => {
  tellSafe();
  add();
}, TICK_MS);
process.stdin.resume().on('end', async () => {
  clearInterval(adding);
  const left = await outbox.flush(10_000);
  process.stdout.write(`end ${next - 1} ${left + outbox.size} ${process.memoryUsage.rss()}\n`);
  await outbox.close();
  await bus.close();
});
