import { pino } from 'pino';
import { MalformedEvents } from './malformed-events.ts';

function setUp() {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  return { lines, malformed: new MalformedEvents(log) };
}

test('keeps the last few, their beginning only, and no digit of any alphabet, in the log neither', () => {
  const { lines, malformed } = setUp();
  for (let n = 1; n <= 5; n += 1) malformed.take(Buffer.from(`{"n":"${'x'.repeat(n)}","number":"+55119٩٩٩${n}"${' '.repeat(5_000)}`), 'channel', 0);
  expect(malformed.total).toBe(5);
  expect(malformed.samples.map((sample) => sample.trim())).toEqual(['xxx', 'xxxx', 'xxxxx'].map((x) => `channel: {"n":"${x}","number":"+#########"`));
  expect(malformed.samples.every(({ length }) => length < 250)).toBe(true);
  expect(lines.join()).not.toMatch(/5511|٩/);
});

test('warns once a minute, however many come', () => {
  const { lines, malformed } = setUp();
  const warned = (): number => lines.filter((line) => line.includes('"level":40')).length;
  for (let at = 0; at < 60_000; at += 1_000) malformed.take('{', 'not JSON', at);
  expect(warned()).toBe(1);
  malformed.take('{', 'not JSON', 60_000);
  expect(warned()).toBe(2);
});
