/** Bytes looked at before the first line is read. */
export const SNIFF_BYTES = 16 * 1024;

export type SniffedFile = { readonly isText: false } | { readonly isText: true; readonly markBytes: 0 | 3 };

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Starts of files that are no text: UTF-16 and UTF-32 marks, zip (a spreadsheet sent as it is), gzip, old Excel, PDF. */
const FOREIGN = ['fffe', 'feff', '0000feff', '504b0304', '1f8b', 'd0cf11e0', '25504446'].map((hex) => Buffer.from(hex, 'hex'));

const startsWith = (bytes: Buffer, mark: Buffer): boolean => bytes.subarray(0, mark.length).equals(mark);

/** A stray NUL makes its row bad; more than this makes the file no text (UTF-16 without a mark has one in two). */
const CONTROL_SHARE = 0.05;
const CONTROL_LEAST = 3;

/** Says whether the first bytes of a file are text that one byte order or none starts. */
export function sniffFile(sample: Buffer): SniffedFile {
  if (FOREIGN.some((mark) => startsWith(sample, mark))) return { isText: false };
  const controls = sample.reduce((count, byte) => count + (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d ? 1 : 0), 0);
  if (controls >= CONTROL_LEAST && controls > sample.length * CONTROL_SHARE) return { isText: false };
  return { isText: true, markBytes: startsWith(sample, UTF8_MARK) ? 3 : 0 };
}
