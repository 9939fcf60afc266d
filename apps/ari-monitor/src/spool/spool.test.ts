import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Spool, type SpoolOptions } from './spool.ts';

const root = mkdtempSync(join(tmpdir(), 'discador-spool-'));
const open: Spool[] = [];
let folders = 0;

afterEach(async () => {
  for (const spool of open.splice(0)) await spool.close();
});
afterAll(() => rmSync(root, { recursive: true }));

const newFolder = (): string => join(root, String((folders += 1)));

function openSpool(folder: string, changes: Partial<SpoolOptions> = {}) {
  const errors: string[] = [];
  let lost = 0;
  const spool = new Spool({
    folder,
    maxBytes: 1_000_000,
    maxPendingBytes: 1_000_000,
    onError: (operation) => errors.push(operation),
    onLost: (count) => (lost += count),
    ...changes,
  });
  open.push(spool);
  return { spool, errors, lost: () => lost };
}

async function close(spool: Spool): Promise<void> {
  open.splice(open.indexOf(spool), 1);
  await spool.close();
}

const append = (spool: Spool, text: string, important = true) => spool.append([Buffer.from(text)], 1_000, important);
const texts = async (spool: Spool, max = 1_000): Promise<string[]> => (await spool.read(max)).map(({ payload }) => payload.toString());
async function rest(spool: Spool): Promise<string[]> {
  const all: string[] = [];
  for (let some = await texts(spool, 7); some.length > 0; some = await texts(spool, 7)) all.push(...some);
  return all;
}
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `record ${from + i}`);
const segments = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.seg')).sort().map((name) => join(folder, name));

/** A folder with records 1 to `count` in segments of a few each, its process gone. */
async function left(count: number, perSegment = 10): Promise<string> {
  const folder = newFolder();
  const { spool } = openSpool(folder, { segmentBytes: perSegment * 29 });
  for (const text of numbers(1, count)) {
    append(spool, text);
    if (spool.unwritten >= perSegment) await until(() => spool.unwritten === 0);
  }
  await close(spool);
  return folder;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('Spool', () => {
  it('gives records back in order, from memory and from disk, those added while reading last', async () => {
    const { spool } = openSpool(newFolder(), { segmentBytes: 100 });
    for (const text of numbers(1, 20)) append(spool, text);
    expect(await texts(spool, 5)).toEqual(numbers(1, 5));
    await until(() => spool.unwritten === 0);
    for (const text of numbers(21, 25)) append(spool, text);
    expect(await rest(spool)).toEqual(numbers(6, 25));
    expect(await texts(spool)).toEqual([]);
    expect([spool.unread, spool.messages]).toEqual([0, 25]);
  });

  it('reads again from where it is told', async () => {
    const { spool } = openSpool(newFolder());
    const [, second] = numbers(1, 4).map((text) => append(spool, text));
    await texts(spool, 3);
    spool.readFrom(Number(second));
    expect(await rest(spool)).toEqual(numbers(2, 4));
  });

  it('outlives its process, without what was settled', async () => {
    const folder = await left(30);
    const { spool } = openSpool(folder);
    expect([spool.messages, spool.oldestAt]).toEqual([30, 1_000]);
    spool.ack(12);
    await close(spool);
    const again = openSpool(folder);
    expect(again.spool.messages).toBe(18);
    append(again.spool, 'record 31');
    expect(await rest(again.spool)).toEqual(numbers(13, 31));
    expect(again.lost()).toBe(0);
  });

  it('deletes segments as they are settled, and all of them at the end; numbers go on', async () => {
    const folder = await left(30);
    const { spool } = openSpool(folder);
    const before = segments(folder).length;
    spool.ack(25);
    await until(() => segments(folder).length < before);
    spool.ack(30);
    await until(() => segments(folder).length === 0);
    expect([spool.bytes, spool.messages, spool.oldestAt]).toEqual([0, 0, null]);
    await close(spool);
    expect(append(openSpool(folder).spool, 'x')).toBe(31);
  });

  it('repeats rather than forgets when the note of what is settled is damaged', async () => {
    const folder = await left(10);
    writeFileSync(join(folder, 'acked'), '99');
    expect(await rest(openSpool(folder).spool)).toEqual(numbers(1, 10));
  });

  it('never grows beyond its bound, and refuses the unimportant first', async () => {
    const { spool } = openSpool(newFolder(), { maxBytes: 300 });
    const taken = numbers(1, 9).map((text) => typeof append(spool, text, false)).concat(numbers(10, 11).map((text) => typeof append(spool, text)));
    expect(taken.filter((type) => type === 'number')).toHaveLength(10);
    expect([append(spool, 'record 12'), append(spool, 'record 12', false)]).toEqual(['spool_full', 'spool_full']);
    expect(spool.bytes).toBeLessThanOrEqual(300);
  });

  it('goes on when the disk refuses: names it, keeps what fits in memory, reads it from there, writes it when the disk is back', async () => {
    const folder = newFolder();
    const { spool, errors } = openSpool(folder, { maxPendingBytes: 120 });
    rmSync(folder, { recursive: true });
    expect(numbers(1, 5).map((text) => typeof append(spool, text))).toEqual(['number', 'number', 'number', 'number', 'string']);
    await until(() => errors.includes('write'));
    expect(append(spool, 'record 6')).toBe('memory_full');
    expect(await texts(spool)).toEqual(numbers(1, 4));
    spool.readFrom(1);
    mkdirSync(folder);
    await until(() => spool.unwritten === 0);
    expect(await rest(spool)).toEqual(numbers(1, 4));
    expect(existsSync(folder)).toBe(true);
  });

  it('keeps a second process out of its folder', () => {
    const folder = newFolder();
    openSpool(folder);
    expect(() => openSpool(folder)).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining('SPOOL_DIR') as string }) as Error);
  });

  it('says at once that a folder cannot be written, without its name', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => openSpool(join(file, 'below'))).toThrow(/^spoolDir \(SPOOL_DIR\): the folder cannot be written \(ENOTDIR\)$/);
  });
});

describe('a damaged spool', () => {
  it('loses of a damaged segment in the middle only what is unreadable, and says how much', async () => {
    const folder = await left(30);
    const [, middle = ''] = segments(folder);
    const bytes = readFileSync(middle);
    bytes.fill(0xff, 22, 24); // within the first record's payload
    bytes.fill(0xff, 70, 90); // across two records, a mark included
    writeFileSync(middle, bytes);
    const { spool, lost } = openSpool(folder);
    const read = await rest(spool);
    expect(read.length + lost()).toBe(30);
    expect(lost()).toBe(3);
    expect(numbers(1, 30).filter((text) => read.includes(text))).toEqual(read);
  });

  it('passes over a segment that is gone', async () => {
    const folder = await left(30);
    const [, middle = ''] = segments(folder);
    const { spool, errors, lost } = openSpool(folder);
    rmSync(middle);
    const read: string[] = [];
    while (spool.unread > 0) read.push(...(await texts(spool).catch(() => [])));
    expect(read.length + lost()).toBe(30);
    expect(errors).toContain('read');
  });

  it('opens, whatever its newest segment holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        const folder = await left(5);
        writeFileSync(segments(folder).at(-1) ?? '', noise);
        const { spool } = openSpool(folder);
        append(spool, 'new');
        expect((await rest(spool)).at(-1)).toBe('new');
        await close(spool);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 50 },
    );
  });
});

type Step = { kind: 'append'; bytes: number } | { kind: 'write' } | { kind: 'read'; max: number } | { kind: 'ack'; share: number } | { kind: 'kill'; cut: number };

/** A kill leaves what was written, the last write perhaps in part: the newest segment ends anywhere behind what was there before it. */
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), bytes: fc.integer({ min: 0, max: 300 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), max: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('ack' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), cut: fc.integer({ min: 0, max: 400 }) }) },
  ),
  { minLength: 5, maxLength: 60 },
);

it('whatever is appended, read, settled, and killed at whichever byte: all that was wholly written comes back in order, and nothing else', async () => {
  await fc.assert(fc.asyncProperty(steps, play), { numRuns: 60 });
}, 60_000);

async function play(list: Step[]): Promise<void> {
  const folder = newFolder();
  let { spool, lost, errors } = openSpool(folder, { segmentBytes: 500 });
  /** not settled, oldest first */
  let held: { seq: number; text: string; end: number }[] = [];
  let read = 0;
  let count = 0;
  for (const step of list) {
    if (step.kind === 'append') {
      const text = `${(count += 1)}:${'x'.repeat(step.bytes)}`;
      held.push({ seq: Number(append(spool, text)), text, end: 0 });
    } else if (step.kind === 'write') {
      await until(() => spool.unwritten === 0);
    } else if (step.kind === 'read') {
      const got = await texts(spool, step.max);
      expect(got).toEqual(held.slice(read, read + got.length).map(({ text }) => text));
      if (read < held.length) expect(got.length).toBeGreaterThan(0);
      read += got.length;
    } else if (step.kind === 'ack') {
      const settled = Math.floor(read * step.share);
      if (settled > 0) spool.ack(held[settled - 1]?.seq ?? 0);
      held = held.slice(settled);
      read -= settled;
    } else {
      await close(spool);
      const newest = segments(folder).at(-1);
      const size = newest ? readFileSync(newest).length : 0;
      const cut = Math.min(step.cut, size);
      if (newest) truncateSync(newest, size - cut);
      ({ spool, lost, errors } = openSpool(folder, { segmentBytes: 500 }));
      const back = await rest(spool);
      // A prefix of what was held; what is missing is no longer than what was cut off.
      expect(back).toEqual(held.slice(0, back.length).map(({ text }) => text));
      const missing = held.slice(back.length);
      expect(missing.length === 0 || missing.slice(1).reduce((sum, { text }) => sum + text.length + 20, 0) < cut).toBe(true);
      spool.readFrom(spool.position - back.length);
      held = held.slice(0, back.length);
      read = 0;
    }
  }
  expect(await rest(spool)).toEqual(held.slice(read).map(({ text }) => text));
  // Of an end that was cut off nobody knows how many records it had, unless later ones tell; a segment cut to noise is named.
  expect(lost()).toBe(0);
  expect(errors.every((operation) => operation === 'read')).toBe(true);
  await close(spool);
  rmSync(folder, { recursive: true });
}
