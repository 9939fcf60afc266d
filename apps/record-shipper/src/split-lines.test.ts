import { splitLines } from './split-lines.ts';

describe('splitLines', () => {
  it('gives whole lines with their places and leaves the torn one', () => {
    const chunk = Buffer.from('one\nzwei é\n\nthr');
    expect(splitLines(chunk, 100)).toEqual({
      lines: [
        { text: 'one', byteOffset: 100 },
        { text: 'zwei é', byteOffset: 104 },
      ],
      consumed: 13,
    });
  });

  it('takes no NUL and no CR into the database', () => {
    expect(splitLines(Buffer.from('a\0b\r\n'), 0).lines).toEqual([{ text: 'ab', byteOffset: 0 }]);
  });

  it('consumes nothing of half a line', () => {
    expect(splitLines(Buffer.from('half'), 7)).toEqual({ lines: [], consumed: 0 });
  });
});
