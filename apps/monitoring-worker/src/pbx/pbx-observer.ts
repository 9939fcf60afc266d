import { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import type { AmiEvent } from '@discador/domain/agents/ami-event';
import { EMPTY_DESK_BOOK, loseSight, tellQueueEvent, tellTime, type DeskTold } from '@discador/domain/agents/desk-book';
import { inferredMoment, momentOf, type DeskEffect } from '@discador/domain/agents/desk-effect';
import { extensionEffects } from '@discador/domain/agents/extension-effects';
import { extensionOfDevice, foldExtensionEvent, type Extensions } from '@discador/domain/agents/fold-extension-event';
import { foldQueueEvent } from '@discador/domain/agents/fold-queue-event';
import { EMPTY_QUEUES, type QueuesState } from '@discador/domain/agents/queues-state';
import type { WrapUp } from '@discador/domain/agents/agent-status';
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
  /** something has happened to an agent, a caller or an extension, or was found to have happened */
  onDesks(effects: DeskEffect[]): void;
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

/** Follows one PBX over AMI. What it knows of queues begins anew with each connection: nobody tells what happened in between. What it has told
 *  is kept, and what the first look then shows to be different is told as inferred. */
export class PbxObserver {
  readonly #options: ObserverOptions;
  readonly #ami: AmiConnection;
  #stops: (() => Promise<void>)[] = [];
  #queues: QueuesState = EMPTY_QUEUES;
  #desks = EMPTY_DESK_BOOK;
  #talksRead = false;
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
    const wrapUp = this.#wrapUp();
    const { syncedAtMs } = this.#queues;
    if (!this.#ami.up || syncedAtMs === null || now - this.#confirmedAt > PING_TIMEOUT_MS || wrapUp.nowMs - syncedAtMs > SNAPSHOT_TOO_OLD_MS) return null;
    return { at: this.#confirmedAt, queues: summarizeQueues(this.#queues, wrapUp) };
  }

  #pbxNow(): number {
    return Date.now() + (this.#ami.clockOffsetMs ?? 0);
  }

  #wrapUp(): WrapUp {
    return { nowMs: this.#pbxNow(), queueWrapUpSec: this.#options.queueWrapUpSec };
  }

  #take(event: AmiEvent): void {
    const wrapUp = this.#wrapUp();
    const before = this.#queues;
    this.#queues = foldQueueEvent(before, event, wrapUp.nowMs);
    this.#tell(tellQueueEvent(this.#desks, { before, after: this.#queues, event, wrapUp }));
    this.#takeExtension(event, wrapUp.nowMs);
    if (this.#queues.queues !== before.queues || this.#queues.calls !== before.calls) this.#options.onQueues();
  }

  #takeExtension(event: AmiEvent, nowMs: number): void {
    const before = this.#extensions;
    const listed = event['ActionID'] !== undefined;
    this.#extensions = foldExtensionEvent(before, event, nowMs);
    if (event['Event'] === 'DeviceStateChange' && listed) this.#listed.add(extensionOfDevice(event) ?? '');
    this.#tellExtensions(before, (since) => (listed ? inferredMoment(nowMs, since) : momentOf(event, nowMs)));
  }

  #tell({ book, effects }: DeskTold): void {
    this.#desks = book;
    if (effects.length > 0) this.#options.onDesks(effects);
  }

  #tellExtensions(before: Extensions, momentAfter: Parameters<typeof extensionEffects>[2]): void {
    const effects = extensionEffects(before, this.#extensions, momentAfter);
    if (effects.length > 0) this.#options.onDesks(effects);
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
    this.#tell(tellTime(this.#desks, this.#queues, this.#wrapUp()));
    this.#options.onConfirmed();
  }

  /** On a new connection also the calls that agents already talk to. */
  async #readQueues(): Promise<void> {
    await askList(this.#ami, 'QueueStatus');
    if (this.#talksRead) return;
    this.#options.state.up();
    await askList(this.#ami, 'CoreShowChannels');
    this.#talksRead = true;
  }

  async #sweep(): Promise<void> {
    const core = await this.#ami.action({ Action: 'CoreStatus' });
    this.#startedAt = `${core['CoreStartupDate']} ${core['CoreStartupTime']}`;
    this.#listed = new Set();
    await askList(this.#ami, 'DeviceStateList');
    const before = this.#extensions;
    this.#extensions = new Map([...before].filter(([number]) => this.#listed.has(number)));
    this.#tellExtensions(before, (since) => inferredMoment(this.#pbxNow(), since));
    this.#options.onSwept();
  }

  #forget(): void {
    void this.#stopAsking();
    this.#desks = loseSight(this.#desks, this.#queues);
    this.#queues = EMPTY_QUEUES;
    this.#talksRead = false;
    this.#confirmedAt = 0;
    this.#startedAt = null;
  }

  async #stopAsking(): Promise<void> {
    await Promise.all(this.#stops.splice(0).map((stop) => stop()));
  }
}
