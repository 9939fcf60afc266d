import { decodeMessage, encodeMessage } from './message-record.ts';

const message = { exchange: 'e', routingKey: 'call.ended.none', content: Buffer.from('{"é":1}'), messageId: 'm', type: 'call.ended', mandatory: true, important: true, receivedAt: 1_700_000_000_000 };

it('gives a message back as it was', () => {
  expect(decodeMessage(Buffer.concat(encodeMessage(message)))).toEqual(message);
});

it.each([Buffer.alloc(0), Buffer.from([255, 255, 255, 255]), Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from('{}')])])('gives nothing for what is no message', (bytes) => {
  expect(decodeMessage(bytes)).toBeNull();
});
