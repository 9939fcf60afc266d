import type { RecordFile } from './record-file.ts';
import { NOTHING_YET, whereToRead } from './where-to-read.ts';

const file = (identity: string, size = 1000): RecordFile => ({ path: `/log/${identity}`, identity, size, modifiedMs: 0 });
const at = (identity: string, byteOffset: number) => ({ identity, byteOffset });

describe('whereToRead', () => {
  it('waits while there is no file', () => {
    expect(whereToRead(NOTHING_YET, null, [])).toBeNull();
  });

  it('begins with the current file', () => {
    expect(whereToRead(NOTHING_YET, file('b'), [file('a')])).toMatchObject({ file: { identity: 'b' }, byteOffset: 0, last: true, lost: false });
  });

  it('goes on where it was', () => {
    expect(whereToRead(at('b', 700), file('b'), [file('a')])).toMatchObject({ file: { identity: 'b' }, byteOffset: 700, last: true });
  });

  it('reads again a file that was cut off', () => {
    expect(whereToRead(at('b', 1200), file('b'), [])).toMatchObject({ byteOffset: 0 });
  });

  it('finishes the rotated file first', () => {
    expect(whereToRead(at('a', 700), file('b'), [file('a')])).toMatchObject({ file: { identity: 'a' }, byteOffset: 700, last: false });
  });

  it('takes every file that was rotated meanwhile, in turn', () => {
    const rotated = [file('a'), file('b'), file('c')];
    expect(whereToRead(at('a', 1000), file('d'), rotated)).toMatchObject({ file: { identity: 'b' }, byteOffset: 0, last: false });
    expect(whereToRead(at('c', 1000), file('d'), rotated)).toMatchObject({ file: { identity: 'd' }, byteOffset: 0, last: true });
  });

  it('stays with the rotated file until the PBX writes a new one', () => {
    expect(whereToRead(at('a', 1000), null, [file('a')])).toMatchObject({ file: { identity: 'a' }, byteOffset: 1000, last: true });
  });

  it('tells when unread lines are lost', () => {
    expect(whereToRead(at('gone', 10), file('b'), [file('a')])).toMatchObject({ file: { identity: 'b' }, byteOffset: 0, lost: true });
  });
});
