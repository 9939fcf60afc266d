import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { judgeEvents, type EventsVerdict } from './judge-events.ts';

const record = (over: Partial<AttemptFromCel> = {}): AttemptFromCel => ({
  attemptId: 'a', started: true, startedAt: 1, refusedByGate: false, answeredAt: 2, bridgedAt: null, endedAt: 3, cause: 16, starts: 1, ...over,
});
const judged = (types: string, over: Partial<AttemptFromCel> = {}): EventsVerdict => judgeEvents(types.split(' ').filter(Boolean).map((type) => ({ callId: 'a', type: `call.${type}` })), [record(over)]);
const faults = (...args: Parameters<typeof judged>): number[] => [judged(...args).incomplete, judged(...args).notEndedOnce];

test('a call is complete when each step that the record shows was told once, in order', () => {
  expect(judged('dialing answered ended')).toEqual({ calls: 1, messages: 3, incomplete: 0, notEndedOnce: 0, examples: [] });
  expect(faults('dialing ringing answered ended')).toEqual([0, 0]);
  expect(faults('dialing ended', { answeredAt: null })).toEqual([0, 0]);
  expect(faults('dialing answered bridged ended', { bridgedAt: 3 })).toEqual([0, 0]);
});

test('what is missing, too much or out of order is found', () => {
  expect(faults('')).toEqual([1, 1]);
  expect(faults('dialing ended')).toEqual([1, 0]);
  expect(faults('dialing answered')).toEqual([1, 1]);
  expect(faults('dialing answered ended ended')).toEqual([1, 1]);
  expect(faults('answered dialing ended')).toEqual([1, 0]);
  expect(faults('dialing answered ringing ended')).toEqual([1, 0]);
  expect(faults('dialing answered ended', { answeredAt: null })).toEqual([1, 0]);
  expect(judged('dialing ended').examples).toEqual(['a: call.dialing call.ended, due: call.dialing call.answered call.ended']);
});

test('what the gate refused was no call, and calls that the records do not have are others', () => {
  expect(judged('dialing ended', { refusedByGate: true }).calls).toBe(0);
  expect(judgeEvents([{ callId: 'other', type: 'call.ended' }], [])).toMatchObject({ calls: 0, messages: 1, incomplete: 0 });
});
