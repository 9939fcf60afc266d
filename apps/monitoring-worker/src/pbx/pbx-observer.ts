import { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import type { AmiEvent } from '@discador/domain/agents/ami-event';
import { extensionOfDevice, foldExtensionEvent, type Extensions } from '@discador/domain/agents/fold-extension-event';
import { foldQueueEvent } from '@discador/domain/agents/fold-queue-event';
import { EMPTY_QUEUES, type QueuesState } from '@discador/domain/agents/queues-state';
import { summarizeQueues, type QueueNumbers } from '@discador/domain/agents/summarize-queues';
import type { Logger } from 'pino';
import { quietly, repeat } from '../repeat.ts';
import { askList } from './ask-list.ts';

export interface ObserverOptions {
  pbx: string;
  amiUrl: string;
  queueWrapUpSec: number;
  log: Logger;
  state: { up(): void; down(reason: string): void };
  /** the numbers of some queue may have changed */
  onQueues(): void;
  /** the PBX has just answered: about once a second */
  onConfirmed(): void;
  /** every extension of the PBX has just been looked at */
  onSwept(): void;
}

export interface ConfirmedQueues {
  /** epoch milliseconds at which the PBX last confirmed them */
  at: number;
  queues: QueueNumbers[];
}

const PING_MS = 1_000;
const PING_TIMEOUT_MS = 3_000;
const SNAPSHOT_MS = 15_000;
const SWEEP_MS = 60_000;
/** A PBX that is starting answers before its queues are loaded: dialling waits for them. */
const AGAIN_MS = 500;
/** Numbers that no snapshot has confirmed for so long are not told any more, although events come. */
const SNAPSHOT_TOO_OLD_MS = 4 * SNAPSHOT_MS;

/** Follows one PBX over AMI. What it knows begins anew with each connection: nobody tells what happened in between. */
export class PbxObserver {
  readonly #options: ObserverOptions;
  readonly #ami: AmiConnection;
  #stops: (() => Promise<void>)[] = [];
  #queues: QueuesState = EMPTY_QUEUES;
  #extensions: Extensions = new Map();
  #listed = new Set<string>();
  #confirmedAt = 0;
  #startedAt: string | null = null;

  constructor(options: ObserverOptions) {
    this.#options = options;
    const { amiUrl: url, pbx: name, log, state } = options;
    this.#ami = new AmiConnection({
      url,
      name,
      log,
      onUp: () => this.#connected(),
      onDown: (reason) => {
        state.down(reason);
        this.#forget();
      },
    });
    this.#ami.on('*', (event) => this.#take(event));
  }

  start(): void {
    this.#ami.start();
  }

  async stop(): Promise<void> {
    const stops = this.#stopAsking();
    await this.#ami.close();
    await stops;
  }

  get up(): boolean {
    return this.#ami.up;
  }

  get extensions(): Extensions {
    return this.#extensions;
  }

  /** When the PBX's process started: its own local time, `YYYY-MM-DD HH:MM:SS`; null while away. */
  get startedAt(): string | null {
    return this.#startedAt;
  }

  /** @returns null when the PBX has not confirmed anything of late: saying nothing makes the numbers grow old, and dialling stop */
  confirmed(): ConfirmedQueues | null {
    const now = Date.now();
    const nowMs = this.#pbxNow();
    const { syncedAtMs } = this.#queues;
    if (!this.#ami.up || syncedAtMs === null || now - this.#confirmedAt > PING_TIMEOUT_MS || nowMs - syncedAtMs > SNAPSHOT_TOO_OLD_MS) return null;
    return { at: this.#confirmedAt, queues: summarizeQueues(this.#queues, { nowMs, queueWrapUpSec: this.#options.queueWrapUpSec }) };
  }

  #pbxNow(): number {
    return Date.now() + (this.#ami.clockOffsetMs ?? 0);
  }

  #take(event: AmiEvent): void {
    const nowMs = this.#pbxNow();
    const queues = foldQueueEvent(this.#queues, event, nowMs);
    const told = queues.queues !== this.#queues.queues || queues.calls !== this.#queues.calls;
    this.#queues = queues;
    this.#extensions = foldExtensionEvent(this.#extensions, event, nowMs);
    if (event['Event'] === 'DeviceStateChange' && event['ActionID']) this.#listed.add(extensionOfDevice(event) ?? '');
    if (told) this.#options.onQueues();
  }

  #connected(): void {
    this.#forget();
    const { log, pbx } = this.#options;
    const failed = (what: string) => (error: unknown) => {
      if (this.#ami.up) log.warn({ err: error, pbx }, `${what} failed`);
    };
    this.#stops = [
      repeat(PING_MS, () => this.#ping(), quietly(log, 'ping')),
      repeat(SNAPSHOT_MS, () => this.#readQueues(), failed('reading the queues'), AGAIN_MS),
      repeat(SWEEP_MS, () => this.#sweep(), failed('reading the extensions'), AGAIN_MS),
    ];
  }

  async #ping(): Promise<void> {
    const askedAt = Date.now();
    await this.#ami.action({ Action: 'Ping' }, PING_TIMEOUT_MS);
    this.#confirmedAt = askedAt;
    this.#options.onConfirmed();
  }

  /** The first time also the calls that agents already talk to. */
  async #readQueues(): Promise<void> {
    const first = this.#queues.syncedAtMs === null;
    await askList(this.#ami, 'QueueStatus');
    if (!first) return;
    this.#options.state.up();
    await askList(this.#ami, 'CoreShowChannels');
  }

  async #sweep(): Promise<void> {
    const core = await this.#ami.action({ Action: 'CoreStatus' });
    this.#startedAt = `${core['CoreStartupDate']} ${core['CoreStartupTime']}`;
    this.#listed = new Set();
    await askList(this.#ami, 'DeviceStateList');
    this.#extensions = new Map([...this.#extensions].filter(([number]) => this.#listed.has(number)));
    this.#options.onSwept();
  }

  #forget(): void {
    void this.#stopAsking();
    this.#queues = EMPTY_QUEUES;
    this.#confirmedAt = 0;
    this.#startedAt = null;
  }

  async #stopAsking(): Promise<void> {
    await Promise.all(this.#stops.splice(0).map((stop) => stop()));
  }
}
