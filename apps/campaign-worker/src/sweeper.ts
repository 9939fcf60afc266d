import { CERTAIN_AFTER_MS, closeFromRecords, type AbsentAttempt } from '@discador/domain/outcomes/close-from-records';
import type { Database } from '@discador/postgres/database';
import { noteAbsence, readCaughtUpAt, readSuspects, type OpenAttempt } from '@discador/postgres/sql/open-attempts';
import type { Outcome } from '@discador/postgres/sql/record-outcomes';
import type { TakeLock } from '@discador/redis/short-lock';
import type { Logger } from 'pino';
import { readEvidence, toOutcome } from './evidence.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { OutcomeDesk } from './outcome-desk.ts';
import type { PbxLink } from './pbx-link.ts';
import { Rounds } from './rounds.ts';

export interface SweeperOptions {
  database: Database;
  desk: OutcomeDesk;
  takeLock: TakeLock;
  links: readonly PbxLink[];
  everyMs: number;
  log: Logger;
  metrics: WorkerMetrics;
}

/** When an attempt without a channel deserves a look; and another, by the database's clock, because workers' clocks may be seconds apart. */
const SUSPECT_AFTER_SEC = CERTAIN_AFTER_MS / 1000;
const SECOND_LOOK_SEC = 10;
/** What the database's clock is compared within: well below the skew that the rules allow for. */
const CLOCKS_WITHIN_MS = 300;
/** About a round, so that one that dies or sleeps in mid-sweep costs the others one; two at once do no harm, the first end wins. */
export const SWEEPER_LOCK_MS = 5000;

/** Closes attempts whose end nobody told: channel absent on two looks 10 s apart → what the PBX's own records say. One worker at a time. */
export class Sweeper {
  readonly #options: SweeperOptions;
  readonly #rounds: Rounds;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#rounds = new Rounds(options.everyMs, () => this.#sweep());
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #sweep(): Promise<void> {
    const { links, takeLock, log } = this.#options;
    for (const link of links) {
      try {
        const unlock = await takeLock(`discador:lock:sweeper:${link.name}`, SWEEPER_LOCK_MS);
        if (!unlock) continue;
        await this.#sweepPbx(link).finally(unlock);
      } catch (error) {
        log.debug({ err: error, pbx: link.name }, 'sweep put off');
      }
    }
  }

  async #sweepPbx(link: PbxLink): Promise<void> {
    const { database } = this.#options;
    const suspects = await readSuspects(database, link.name, SUSPECT_AFTER_SEC, SECOND_LOOK_SEC);
    if (suspects.length === 0) return;
    const live = new Set((await link.ari.channels()).map((channel) => channel.id));
    const absent = suspects.filter(({ attempt_id: id }) => !live.has(`${id};1`) && !live.has(`${id};2`));
    await noteAbsence(database, suspects.map((attempt) => attempt.attempt_id), absent.map((attempt) => attempt.attempt_id));
    const twice = absent.filter((attempt) => attempt.absent_long);
    if (twice.length > 0) await this.#close(link, twice);
  }

  async #close({ name: pbx, ari, ami }: PbxLink, attempts: OpenAttempt[]): Promise<void> {
    const { database, desk, metrics, log } = this.#options;
    // The PBX itself says when it started: nobody else needs to be up for its calls to be closed.
    const { startedAt: bootedAt } = await ari.info();
    const askedAt = Date.now();
    const { caughtUpAt, now } = await readCaughtUpAt(database, pbx);
    // How the clocks of PBX and database lie to each other is not known without a ping, or when this process slept meanwhile: next time.
    if (ami.clockOffsetMs === null || Date.now() - askedAt > CLOCKS_WITHIN_MS) return;
    const pbxAheadMs = ami.clockOffsetMs + askedAt - now.getTime();
    const records = { bootedAt, caughtUpAt: caughtUpAt?.getTime() ?? null, pbxAheadMs };
    const evidence = await readEvidence(database, attempts);
    const outcomes: Outcome[] = [];
    for (const attempt of attempts) {
      const end = closeFromRecords(factsOf(attempt), evidence(attempt), records, Date.now());
      if (end) outcomes.push(toOutcome(attempt.attempt_id, end));
    }
    await desk.record(outcomes, 'sweeper');
    for (const outcome of outcomes) metrics.swept.inc({ disposition: outcome.disposition });
    if (outcomes.length > 0) log.warn({ pbx, swept: outcomes.length, waiting: attempts.length - outcomes.length }, 'attempts closed from the PBX’s records');
  }
}

function factsOf(attempt: OpenAttempt): AbsentAttempt {
  return {
    claimedAt: attempt.claimed_at.getTime(),
    absentSince: attempt.absent_since?.getTime() ?? Date.now(),
    destination: attempt.destination,
  };
}
