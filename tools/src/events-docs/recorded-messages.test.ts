import { readFileSync } from 'node:fs';
import { parseEvent, routingKeyOf, type EventType } from '@discador/contracts/events/catalogue';
import { eventSchemas } from './event-schemas.ts';
import { validatorsOf } from './testing/validators.ts';

// The messages of a queue bound with `#` during `npm start -- --exit --csv FILE`, with eight numbers that the simulated carrier answers, refuses or lets ring.
test('messages that a real run put on the bus are valid, and came under the key that the documents say', () => {
  const validators = validatorsOf(eventSchemas());
  const lines = readFileSync(new URL('./fixtures/recorded-messages.jsonl', import.meta.url), 'utf8').trim().split('\n');
  const recorded = lines.map((line) => JSON.parse(line) as { routingKey: string; message: Record<string, unknown> });
  for (const { routingKey, message } of recorded) {
    const valid = validators.get(String(message['type']));
    expect([routingKey, valid?.(message), valid?.errors]).toEqual([routingKey, true, null]);
    expect(parseEvent(message)).toEqual(message);
    expect(routingKeyOf(parseEvent(message))).toBe(routingKey);
  }
  const types = new Set(recorded.map(({ message }) => message['type'] as EventType));
  expect([...types].sort()).toEqual(expect.arrayContaining<EventType>(['call.answered', 'call.bridged', 'call.dialing', 'call.ended', 'call.ringing']));
});
