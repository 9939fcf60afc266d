import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DiscadorError } from '@discador/contracts/discador-error';
import { PayloadTooLargeException } from '@nestjs/common';

export type Upload = { readonly path: string; readonly sha256: string };

/** Uploaded files wait here until they are in the database: an import goes on after a crash, and knows its file by its hash before
 *  the first row. Readable by this user only; the files hold phone numbers. */
export class UploadSpool {
  readonly #folder: string;
  readonly #maxBytes: number;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Writes a request's body down as it arrives.
   *  @throws PayloadTooLargeException; DiscadorError `invalid_input` when the sender breaks off */
  async receive(body: Readable): Promise<Upload> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${randomUUID()}.part`);
    const hash = createHash('sha256');
    const maxBytes = this.#maxBytes;
    const measured = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      let bytes = 0;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new PayloadTooLargeException();
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      await pipeline(body, measured, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      if (!body.readableEnded && !(error instanceof PayloadTooLargeException) && body.errored) throw brokeOff(error);
      throw error;
    }
    return { path, sha256: hash.digest('hex') };
  }

  async discard(upload: Upload): Promise<void> {
    await rm(upload.path, { force: true });
  }

  async keep(upload: Upload, jobId: string): Promise<void> {
    await rename(upload.path, this.#pathOf(jobId));
  }

  read(jobId: string, signal: AbortSignal): AsyncIterable<Buffer> {
    return createReadStream(this.#pathOf(jobId), { signal });
  }

  async remove(jobId: string): Promise<void> {
    await rm(this.#pathOf(jobId), { force: true });
  }

  /** Ids of the jobs whose files a former life of this process left here; half uploads are thrown away. */
  async leftovers(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.part'))) await rm(join(this.#folder, name), { force: true });
    return names.filter((name) => name.endsWith('.csv')).map((name) => name.slice(0, -'.csv'.length));
  }

  #pathOf(jobId: string): string {
    return join(this.#folder, `${jobId}.csv`);
  }
}

const brokeOff = (cause: unknown): DiscadorError => new DiscadorError('invalid_input', 'The upload broke off.', { cause });
