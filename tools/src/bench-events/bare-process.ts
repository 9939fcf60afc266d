import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { gatherWrites } from '@discador/bus/gather-writes';
import { type ConfirmChannel, connect } from 'amqplib';
import { WebSocket } from 'ws';
import { answer } from './child-tool.ts';
import type { Message } from './consumer-process.ts';

/** The least that any monitor must do: read every message of the stream, parse it, and publish, for as many events as the monitor does, one of
 *  its messages with a confirm. No state, no order, nothing kept, nothing repeated. */

interface Bare {
  ariUrl: string;
  amqpUrl: string;
  messages: Message[];
  /** messages per event */
  share: number;
}

/** As many as the monitor's outbox has on their way at once. */
const MAX_IN_FLIGHT = 5_000;

async function openChannel(url: string): Promise<ConfirmChannel> {
  const connection = await connect(url, { noDelay: true, clientProperties: { connection_name: 'bench bare loop' } });
  gatherWrites(connection, 0);
  return connection.createConfirmChannel();
}

let events = 0;
let owed = 0;
let inFlight = 0;

const methods = {
  async start({ ariUrl, amqpUrl, messages, share }: Bare): Promise<void> {
    const channel = await openChannel(amqpUrl);
    const { username, password, host } = new URL(ariUrl);
    const query = new URLSearchParams({ app: 'bare', subscribeAll: 'true' });
    const socket = new WebSocket(`ws://${host}/ari/events?${query}`, { auth: `${username}:${password}`, perMessageDeflate: false, skipUTF8Validation: true });
    const bodies = messages.map(({ routingKey, content }) => ({ routingKey, content: Buffer.from(content) }));
    let next = 0;
    socket.on('message', (data: Buffer) => {
      JSON.parse(data.toString('utf8'));
      events += 1;
      for (owed += share; owed >= 1; owed -= 1) {
        const { routingKey, content } = bodies[(next = (next + 1) % bodies.length)] as (typeof bodies)[number];
        inFlight += 1;
        channel.publish(EVENTS_EXCHANGE, routingKey, content, { persistent: true, contentType: 'application/json' }, () => {
          inFlight -= 1;
          if (inFlight < MAX_IN_FLIGHT) socket.resume();
        });
      }
      if (inFlight >= MAX_IN_FLIGHT) socket.pause();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
  },
  events: (): number => events,
};
export type BareProcess = typeof methods;

answer(methods);
