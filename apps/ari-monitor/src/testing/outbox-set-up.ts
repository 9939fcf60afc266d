import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutgoingMessage } from '@discador/bus/publisher';
import { Outbox, type OutboxMessage, type OutboxOptions } from '../outbox.ts';
import { Spool, type SpoolOptions } from '../spool/spool.ts';

/** A broker in memory that can be away, refuse, stop confirming, or go before it confirms. */
export class MemoryBroker {
  up = true;
  refuseNext = 0;
  confirms = true;
  readonly got: string[] = [];
  readonly #waiting: PromiseWithResolvers<void>[] = [];

  publish({ messageId = '' }: OutgoingMessage): Promise<void> {
    if (!this.up) return Promise.reject(new Error('away'));
    if (this.refuseNext-- > 0) return Promise.reject(new Error('refused'));
    this.got.push(messageId);
    if (this.confirms) return Promise.resolve();
    const waiting = Promise.withResolvers<void>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** From now on, and for what waits. */
  confirmAll(): void {
    this.confirms = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  goAway(): void {
    this.up = false;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('went'));
  }

  /** In the order in which each came first, as a consumer that drops repeats sees it. */
  get seen(): string[] {
    return [...new Set(this.got)];
  }
}

export const KEEP_MS = 15_000;
const root = mkdtempSync(join(tmpdir(), 'discador-outbox-'));
let folders = 0;
const open: Outbox[] = [];

export function message(n: number, receivedAt = 0, important = true): OutboxMessage {
  return { exchange: 'e', routingKey: 'k', content: Buffer.from(`content ${n}`), messageId: `m${n}`, important, receivedAt };
}

export interface SetUp extends Partial<Pick<OutboxOptions, 'maxBuffered'>>, Partial<Pick<SpoolOptions, 'maxBytes' | 'maxPendingBytes' | 'segmentBytes'>> {
  broker?: MemoryBroker;
  folder?: string;
}

export function setUp({ broker = new MemoryBroker(), folder = join(root, String((folders += 1))), maxBuffered = 100, ...room }: SetUp = {}) {
  const dropped: string[] = [];
  let outages = 0;
  const lost: number[] = [];
  const onLost = (count: number): void => void lost.push(count);
  const spool = new Spool({ folder, maxBytes: 1_000_000, maxPendingBytes: 1_000_000, onError: () => undefined, onLost, ...room });
  const outbox = new Outbox({
    publisher: broker,
    spool,
    keepMs: KEEP_MS,
    maxBuffered,
    onPublished: () => undefined,
    onDropped: ({ messageId }, _reason, first) => {
      dropped.push(messageId);
      outages += Number(first);
    },
    onLost,
    onFailure: () => undefined,
  });
  open.push(outbox);
  return { broker, folder, dropped, outages: () => outages, lost, outbox, spool };
}

export const ids = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);

export function addAll(outbox: Outbox, from: number, to: number, receivedAt = 0): void {
  for (let n = from; n <= to; n += 1) outbox.add(message(n, receivedAt));
}

export async function close(outbox: Outbox): Promise<void> {
  open.splice(open.indexOf(outbox), 1);
  await outbox.close();
}

/** A spool of its own, for an outbox that is made elsewhere. */
export function emptySpool(): Spool {
  return new Spool({ folder: join(root, String((folders += 1))), maxBytes: 1_000_000, maxPendingBytes: 1_000_000, onError: () => undefined, onLost: () => undefined });
}

/** Closes what was opened. */
export async function closeAll(): Promise<void> {
  for (const outbox of open.splice(0)) await outbox.close();
}

export const removeFolders = (): void => rmSync(root, { recursive: true });
