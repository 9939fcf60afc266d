import type pg from 'pg';
import type { Duplex } from 'node:stream';

/** When each connection of a pool was last heard, so that those whose other end has fallen silent without closing can be cut. */
export class SilentConnections {
  readonly #heardAt = new Map<Duplex, number>();

  constructor(pool: pg.Pool) {
    pool.on('connect', (client) => {
      const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
      const hear = (): void => void this.#heardAt.set(stream, performance.now());
      hear();
      stream.on('data', hear);
      stream.once('close', () => this.#heardAt.delete(stream));
    });
  }

  /** Destroys the sockets that have brought nothing since `since` (as performance.now() tells it), idle ones too: what waits on them
   *  fails at once. @returns how many */
  cut(since: number): number {
    const silent = [...this.#heardAt].filter(([, heardAt]) => heardAt < since);
    for (const [stream] of silent) stream.destroy(new Error('silent'));
    return silent.length;
  }
}
