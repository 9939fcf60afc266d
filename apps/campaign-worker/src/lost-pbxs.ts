import { closeOfLostPbx } from '@discador/domain/outcomes/close-from-records';
import type { Database } from '@discador/postgres/database';
import { notePbxsSeen, readLostAttempts } from '@discador/postgres/sql/pbx-seen';
import type { TakeLock } from '@discador/redis/short-lock';
import type { Logger } from 'pino';
import { readEvidence, toOutcome } from './evidence.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { OutcomeDesk } from './outcome-desk.ts';
import type { PbxLink } from './pbx-link.ts';
import { Rounds } from './rounds.ts';
import { SWEEPER_LOCK_MS } from './sweeper.ts';

export interface LostPbxsOptions {
  database: Database;
  desk: OutcomeDesk;
  takeLock: TakeLock;
  links: readonly PbxLink[];
  everyMs: number;
  lostAfterSec: number;
  log: Logger;
  metrics: WorkerMetrics;
}

/** Notes which PBXs this worker reaches, and closes the attempts of one that no worker has reached for long: the sweeper, which asks the PBX,
 *  would wait for it for ever, and their contacts with it. */
export class LostPbxs {
  readonly #options: LostPbxsOptions;
  readonly #rounds: Rounds;

  constructor(options: LostPbxsOptions) {
    this.#options = options;
    this.#rounds = new Rounds(options.everyMs, () => this.#look());
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #look(): Promise<void> {
    const { links, database, log } = this.#options;
    const reached = links.filter(({ ami }) => ami.up);
    try {
      if (reached.length > 0) await notePbxsSeen(database, reached.map(({ name }) => name));
      for (const link of links) if (!reached.includes(link)) await this.#closeIfLost(link);
    } catch (error) {
      log.debug({ err: error }, 'look for lost PBXs put off'); // the database or Redis is away, for one PBX as for another
    }
  }

  async #closeIfLost(link: PbxLink): Promise<void> {
    const { database, takeLock, lostAfterSec } = this.#options;
    if ((await readLostAttempts(database, link.name, lostAfterSec)).length === 0) return;
    // It may be only its AMI that is away.
    if (await link.ari.channels().catch(() => null)) return notePbxsSeen(database, [link.name]);
    const unlock = await takeLock(`discador:lock:sweeper:${link.name}`, SWEEPER_LOCK_MS);
    if (unlock) await this.#close(link.name).finally(unlock);
  }

  async #close(pbx: string): Promise<void> {
    const { database, desk, lostAfterSec, log, metrics } = this.#options;
    const attempts = await readLostAttempts(database, pbx, lostAfterSec);
    const evidence = await readEvidence(database, attempts);
    const outcomes = attempts.map((attempt) => toOutcome(attempt.attempt_id, closeOfLostPbx(attempt, evidence(attempt), Date.now())));
    await desk.record(outcomes, 'sweeper');
    for (const { disposition } of outcomes) metrics.swept.inc({ disposition });
    if (outcomes.length > 0) log.error({ pbx, closed: outcomes.length, lostAfterSec }, 'no worker has reached this PBX for long: its attempts are closed without it');
  }
}
