import { crc32, deflateRawSync } from 'node:zlib';
import { zipEntry } from './zip-entry.ts';

/** A zip archive as its specification describes it. */
function zip(files: { name: string; content: string; deflate: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, deflate } of files) {
    const data = deflate ? deflateRawSync(content) : Buffer.from(content);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(data.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    const method = deflate ? 8 : 0;
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, method, 0, 0, 0, 0, 0]), sizes, Buffer.from([name.length, 0, 2, 0]), Buffer.from(name), Buffer.from('xx'), data]);
    const entry = Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, method, 0, 0, 0, 0, 0]), sizes, Buffer.from([name.length, 0, 0, 0, 0, 0]), Buffer.alloc(12), Buffer.from(name)]);
    entry.writeUInt32LE(at, 42);
    parts.push(local);
    directory.push(entry);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  Buffer.from([0x50, 0x4b, 5, 6]).copy(end);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const archive = zip([
  { name: 'a/stored', content: 'one', deflate: false },
  { name: 'a/packed', content: 'two '.repeat(100), deflate: true },
]);

test('stored and packed files come out as they went in', () => {
  expect(zipEntry(archive, 'a/stored').toString()).toBe('one');
  expect(zipEntry(archive, 'a/packed').toString()).toBe('two '.repeat(100));
});

test('what is no archive, or not in it, is said', () => {
  expect(() => zipEntry(archive, 'b')).toThrow('the archive has no b');
  expect(() => zipEntry(Buffer.from('nothing'), 'b')).toThrow('not a zip archive');
});
