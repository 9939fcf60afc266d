import { isAscii, isUtf8 } from 'node:buffer';

const windows1252 = new TextDecoder('windows-1252');

/** Bytes that Windows-1252 leaves undefined; text has none of them. */
const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Decodes line by line: files put together from two sources have both encodings.
 *  Latin-1 text is valid UTF-8 only by a chance of no practical size, so valid UTF-8 is UTF-8; what is invalid is Latin-1
 *  (read as Windows-1252), unless the file has shown itself as UTF-8 before: then the line is damaged. */
export class LineDecoder {
  /** `ascii` until the first line with another character. */
  encoding: 'ascii' | 'utf-8' | 'latin-1' = 'ascii';

  /** @param declared  the file starts with a UTF-8 byte order mark */
  constructor(declared: boolean) {
    if (declared) this.encoding = 'utf-8';
  }

  /** @returns null when the bytes are text in neither encoding */
  decode(bytes: Buffer): string | null {
    if (isAscii(bytes)) return bytes.toString('latin1');
    if (isUtf8(bytes)) {
      if (this.encoding === 'ascii') this.encoding = 'utf-8';
      return bytes.toString('utf8');
    }
    if (this.encoding === 'utf-8' || bytes.some((byte) => UNDEFINED.has(byte))) return null;
    this.encoding = 'latin-1';
    return windows1252.decode(bytes);
  }
}
