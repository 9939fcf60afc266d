import { CallMix } from './call-mix.ts';
import { Completeness, type Received } from './completeness.ts';
import { varied } from './places.ts';
import { readRecordedCalls, typesByCall } from './recorded-call.ts';

const recorded = readRecordedCalls('');
const play = { seed: 7, epochMs: 1_795_225_000_000 };
const mix = new CallMix(play.seed, recorded.length);
const nothing = { complete: 0, lost: 0, disordered: 0, repeats: 0, unknown: 0, notEndedOnce: 0 };

/** The messages of call `n`, in order. */
function messagesOf(n: number): Received[] {
  return [...typesByCall(recorded[mix.kindOf(n)] as (typeof recorded)[number])].flatMap(([callId, types]) =>
    types.map((type, index) => ({ id: `${n} ${index}`, type, callId: varied(callId, n, play.epochMs) })),
  );
}

function judge(messages: Received[], calls = 2): object {
  const completeness = new Completeness(recorded, play);
  for (const message of messages) completeness.take(message);
  return completeness.verdict(0, calls);
}

const [first, second] = [messagesOf(0), messagesOf(1)];

test('all messages in order, calls interleaved', () => {
  const mixed = [...first, ...second].toSorted((a, b) => Number(a.id.split(' ')[1]) - Number(b.id.split(' ')[1]));
  expect(judge(mixed)).toEqual({ ...nothing, complete: 2 });
});

test('a message that did not come, and a call of which nothing did', () => {
  expect(judge([...first.slice(0, -1), ...second])).toEqual({ ...nothing, complete: 1, lost: 1, notEndedOnce: 1 });
  expect(judge(first)).toEqual({ ...nothing, complete: 1, lost: second.length, notEndedOnce: 1 });
});

test('two of one call the wrong way round', () => {
  expect(judge([...second, ...first.toReversed()])).toMatchObject({ complete: 1, disordered: first.length - 1 });
});

test('a repeat under the same id does no harm; a second end under another does', () => {
  const end = first.at(-1) as Received;
  expect(judge([...first, end, ...second])).toEqual({ ...nothing, complete: 2, repeats: 1 });
  expect(judge([...first, { ...end, id: 'other' }, ...second])).toEqual({ ...nothing, complete: 2, disordered: 1, notEndedOnce: 1 });
});

test('a call that nobody played', () => {
  const stranger = { id: 'x', type: 'call.ended', callId: '019aa3f0-1111-7000-8000-000000000001' };
  expect(judge([...first, ...second, stranger])).toEqual({ ...nothing, complete: 2, unknown: 1 });
});
