import { CallBook } from '@discador/domain/calls/call-book';
import type { CallEffect } from '@discador/domain/calls/call-state';
import fc from 'fast-check';
import { channelEvents, recordedLines, recordedStreams } from '../testing/recorded-stream.ts';
import { parseAriEvent } from './ari-event.ts';

const STREAMS = recordedStreams();
const LINES = new Map(STREAMS.map((name) => [name, recordedLines(name)]));
const WITNESSES = ['queue-agent', 'foreign-inbound-local-n'];
const VICTIMS = STREAMS.filter((name) => !WITNESSES.includes(name));
const REPEATABLE = new Set(['dtmf', 'held', 'unheld', 'transferred']);
/** Our clock, after all that was recorded. */
const NOW = Date.UTC(2026, 11, 1);

type Spoiling = (lines: readonly string[]) => string[];

/** Gives a random field another value, however deep. */
function spoilField(line: string, at: number, value: unknown): string {
  let count = 0;
  const message: unknown = JSON.parse(line);
  const fields = JSON.stringify(message).split('":').length - 1;
  return JSON.stringify(message, (key, old: unknown) => (key !== '' && count++ === at % fields ? value : old));
}

const position = fc.nat(200);
const wild = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('x'.repeat(5_000), -1, 1e300, null, [], {}, 'Ring', 'Up', 'Local/1@x-1;1', 'Local/1@x-1;2', 'PJSIP/trunk-1'));
const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  position.map((i): Spoiling => (lines) => lines.filter((_, at) => at !== i % lines.length)),
  position.map((i): Spoiling => (lines) => lines.slice(i % lines.length)),
  position.map((i): Spoiling => (lines) => lines.slice(0, i % lines.length)),
  fc.tuple(position, position).map(([i, j]): Spoiling => (lines) => lines.toSpliced(j % (lines.length + 1), 0, ...lines.slice(i % (lines.length + 1)).slice(0, 1))),
  fc.tuple(position, position).map(([i, j]): Spoiling => (lines) => {
    const [moved = ''] = lines.slice(i % (lines.length + 1));
    return lines.filter((line) => line !== moved).toSpliced(j % (lines.length + 1), 0, moved);
  }),
  fc.tuple(position, position).map(([i, cut]): Spoiling => (lines) => lines.map((line, at) => (at === i % lines.length ? line.slice(0, cut * 5) : line))),
  fc.tuple(position, position, wild).map(([i, at, value]): Spoiling => (lines) => lines.map((line, n) => (n === i % lines.length && line.startsWith('{') && line.endsWith('}') ? spoilField(line, at, value) : line))),
);
const spoilt = fc.record({ name: fc.constantFrom(...VICTIMS), spoilings: fc.array(spoiling, { minLength: 1, maxLength: 6 }) });

const linesOf = ({ name, spoilings }: { name: string; spoilings: readonly Spoiling[] }): string[] =>
  spoilings.reduce((lines, spoil) => (lines.length === 0 ? lines : spoil(lines)), LINES.get(name) ?? []);

/** Lays streams into each other, each in its own order. */
function woven(streams: readonly (readonly string[])[], picks: readonly number[]): string[] {
  const left = streams.map((lines) => [...lines]);
  const out: string[] = [];
  for (let n = 0; left.some(({ length }) => length > 0); n += 1) {
    const open = left.filter(({ length }) => length > 0);
    out.push(open[(picks[n % picks.length] ?? 0) % open.length]?.shift() ?? '');
  }
  return out;
}

function play(lines: readonly string[], restartAt = -1): CallEffect[] {
  let book = new CallBook();
  const effects: CallEffect[] = [];
  lines.forEach((line, n) => {
    if (n === restartAt) book = CallBook.restore(JSON.parse(JSON.stringify(book.save())), NOW + n);
    const parsed = parseAriEvent(Buffer.from(line));
    if (parsed.kind === 'channel') effects.push(...book.apply(parsed.event, NOW + n));
    if (n % 9 === 0) effects.push(...book.tick(NOW + n));
  });
  effects.push(...book.tick(NOW + 3_000), ...book.reconcile([], NOW * 2, NOW + 4_000), ...book.tick(NOW + 6_000));
  expect(book.active).toBe(0);
  book.tick(NOW + 100_000);
  expect([book.remembered, book.save().foreign.index.legs]).toEqual([0, []]);
  return effects;
}

function checkEachCall(effects: readonly CallEffect[]): void {
  const calls = Map.groupBy(effects, ({ call }) => call.callId);
  for (const told of calls.values()) {
    const types = told.map(({ type }) => type);
    expect(['received', 'dialing']).toContain(types[0]);
    expect([types.indexOf('ended'), types.at(-1)]).toEqual([types.length - 1, 'ended']);
    const once = types.filter((type) => !REPEATABLE.has(type));
    expect(new Set(once).size).toBe(once.length);
    const repeated = told.filter(({ type }) => REPEATABLE.has(type)).map(({ type, at }) => `${type} ${at}`);
    expect(new Set(repeated).size).toBe(repeated.length);
  }
}

/** What others are told of each call: all but our own clock. */
function outlineByCall(effects: readonly CallEffect[]): Map<string, unknown[]> {
  const outlines = effects.map(({ call: { callId, direction, route, from, number }, ...effect }) => ({ callId, direction, route, from, number, ...effect }));
  return Map.groupBy(outlines, ({ callId }) => callId);
}

const picksOf = fc.array(fc.nat(6), { minLength: 1, maxLength: 60 });

test('spoilt streams never throw, and each call that they tell of begins, and ends exactly once', () => {
  fc.assert(fc.property(spoilt, (victim) => checkEachCall(play(linesOf(victim)))), { numRuns: 600 });
});

test('spoilt streams never touch another call', () => {
  const witnesses = WITNESSES.map((name) => LINES.get(name) ?? []);
  const alone = outlineByCall(play(witnesses.flat()));
  fc.assert(
    fc.property(fc.array(spoilt, { minLength: 1, maxLength: 3 }), picksOf, (victims, picks) => {
      const all = outlineByCall(play(woven([...witnesses, ...victims.map(linesOf)], picks)));
      for (const [callId, effects] of alone) expect(all.get(callId)).toEqual(effects);
    }),
    { numRuns: 200 },
  );
});

test('a book that went through JSON tells what it would have told', () => {
  fc.assert(
    fc.property(fc.array(spoilt, { minLength: 1, maxLength: 3 }), picksOf, fc.nat(300), (victims, picks, restartAt) => {
      const lines = woven(victims.map(linesOf), picks);
      expect(play(lines, restartAt % (lines.length + 1))).toEqual(play(lines));
    }),
    { numRuns: 200 },
  );
});

test.each(['foreign-inbound-hold', 'queue-agent'])('a restarted process ends what ended meanwhile, as inferred: %s', (name) => {
  const book = new CallBook();
  const events = channelEvents(LINES.get(name) ?? []);
  for (const event of events.slice(0, events.findIndex(({ kind }) => kind === 'hangup_request'))) book.apply(event, NOW);
  const restarted = CallBook.restore(JSON.parse(JSON.stringify(book.save())), NOW + 60_000);
  expect(restarted.active).toBe(1);
  expect(restarted.reconcile([], NOW + 61_000, NOW + 61_000)).toEqual([]);
  expect(restarted.presumed).toBe(1);
  expect(restarted.tick(NOW + 62_000)).toMatchObject([{ type: 'ended', inferred: true, summary: { inferred: true } }]);
});

test.each([null, 7, {}, { version: 99 }])('what is no saved book gives an empty one: %j', (json) => {
  expect(CallBook.restore(json, NOW).active).toBe(0);
});
