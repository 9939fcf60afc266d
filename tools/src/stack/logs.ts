import { closeSync, createReadStream, existsSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from './home.ts';
import { EXIT, StackError } from './stack-error.ts';

const TAIL_BYTES = 16_384;
const LOOK_MS = 250;

/** Names of the logs there are: servers, PBXs, `service-replica`, `supervisor`. */
export function logNames(home: Home): string[] {
  const files = existsSync(home.logDir) ? readdirSync(home.logDir) : [];
  return files.filter((file) => file.endsWith('.log')).map((file) => file.slice(0, -4)).sort();
}

/** The logs meant by `name`: one, or those of all replicas of a service; all without a name.
 *  @throws StackError (2) that lists the names there are */
export function selectLogs(names: string[], name: string | undefined): string[] {
  const selected = name === undefined ? names : names.filter((one) => one === name || one.replace(/-\d+$/, '') === name);
  if (selected.length === 0) throw new StackError(`no log${name ? ` ${name}` : ''}; there are: ${names.join(', ') || 'none'}`, EXIT.usage);
  return selected;
}

/** Writes one log to stdout whole; of several the end of each, every line led by its name. With `follow` goes on for ever. */
export async function printLogs(home: Home, names: string[], follow: boolean): Promise<void> {
  const [only] = names;
  if (names.length === 1 && only && !follow) {
    for await (const chunk of createReadStream(join(home.logDir, `${only}.log`))) process.stdout.write(chunk as Buffer);
    return;
  }
  const readers = names.map((name) => new LogReader(join(home.logDir, `${name}.log`), names.length > 1 ? `${name} | ` : ''));
  for (;;) {
    for (const reader of readers) process.stdout.write(reader.readNew());
    if (!follow) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Hands out the complete lines that a growing file has gained. */
class LogReader {
  readonly #file: string;
  readonly #prefix: string;
  #position: number;
  #rest = '';

  constructor(file: string, prefix: string) {
    this.#file = file;
    this.#prefix = prefix;
    this.#position = Math.max(0, statSync(file).size - TAIL_BYTES);
  }

  readNew(): string {
    const size = existsSync(this.#file) ? statSync(this.#file).size : 0;
    if (size < this.#position) this.#position = 0; // begun anew
    const buffer = Buffer.alloc(Math.min(size - this.#position, 1 << 20));
    if (buffer.length === 0) return '';
    const file = openSync(this.#file, 'r');
    this.#position += readSync(file, buffer, 0, buffer.length, this.#position);
    closeSync(file);
    const lines = (this.#rest + buffer.toString('utf8')).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => `${this.#prefix}${line}\n`).join('');
  }
}
