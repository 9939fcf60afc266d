import { once } from 'node:events';
import { Duplex } from 'node:stream';
import type { ChannelModel } from 'amqplib';
import { endSocket } from './close-quietly.ts';

test('the socket of a closed connection is freed though its other end never answers', async () => {
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done(), final: () => undefined });
  stream.end();
  const freed = once(stream, 'close');
  endSocket({ connection: { stream } } as unknown as ChannelModel);
  await freed;
});
