import type { Lane } from './lane.ts';
import { must } from './findings.ts';

interface KnownSlice {
  term: number;
  quota: number;
  lease: number;
  expiresAt: number;
  claimed: number;
}

export interface KnownClaim {
  attemptId: string;
  contactId: string;
  phone: string;
}

/** Looks at each statement that masters and workers carry out, and at its rows: only the newest term plans, issues, takes and claims; only
 *  the newest lease claims; no slice gives more than its quota, or anything after its end. */
export class ClaimWatch {
  readonly claims = new Map<string, KnownClaim>();
  readonly slices = new Map<string, KnownSlice>();
  newestTerm = 0;
  /** statements that the fence or the term refused */
  refused = 0;
  readonly #lane: Lane;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** Call it when the statement begins; what was raised while it ran need not have stopped it.
   *  @returns to be called with its rows */
  begins(statement: string, values: readonly unknown[]): (rows: Record<string, unknown>[]) => void {
    const { newestTerm } = this;
    const at = this.#lane.now();
    const name = statement.replace(/-\d+$/, '');
    if (name === 'begin-term') return ([row]) => void (this.newestTerm = Math.max(this.newestTerm, Number(row?.['term'])));
    if (name === 'plan-campaigns' || name === 'finish-campaigns') return (rows) => must(rows.length === 0 || Number(values[0]) >= newestTerm, `${name} for a deposed master`);
    if (name === 'issue-slices') return (rows) => this.#issued(rows, Number(values[4]) >= newestTerm);
    if (name === 'take-slice') return (rows) => this.#taken(rows, newestTerm);
    if (name !== 'claim-contacts') return () => undefined;
    const leaseBefore = this.slices.get(String(values[0]))?.lease ?? 0;
    return (rows) => this.#claimed(rows, values, { newestTerm, leaseBefore, at });
  }

  #issued(rows: Record<string, unknown>[], inOffice: boolean): void {
    for (const row of rows) {
      must(inOffice, 'a deposed master issued a slice');
      const expiresAt = (row['expires_at'] as Date).getTime();
      this.slices.set(String(row['slice_id']), { term: Number(row['term']), quota: Number(row['quota']), lease: 0, expiresAt, claimed: 0 });
    }
  }

  #taken(rows: Record<string, unknown>[], newestTerm: number): void {
    for (const row of rows) {
      must(Number(row['term']) >= newestTerm, 'a slice of an older term was taken');
      const slice = this.slices.get(String(row['slice_id']));
      if (slice) slice.lease = Math.max(slice.lease, Number(row['lease']));
    }
  }

  #claimed(rows: Record<string, unknown>[], values: readonly unknown[], before: { newestTerm: number; leaseBefore: number; at: number }): void {
    if (rows.length === 0) return void (this.refused += 1);
    const [sliceId, lease, term] = values;
    const slice = this.slices.get(String(sliceId));
    must(slice !== undefined, 'claimed for a slice that no master issued');
    slice.claimed += rows.length;
    must(Number(term) >= before.newestTerm, `claimed with term ${String(term)} while ${before.newestTerm} had begun`);
    must(Number(lease) >= before.leaseBefore, `claimed with lease ${String(lease)} after ${before.leaseBefore} was given`);
    must(slice.claimed <= slice.quota, `claimed ${slice.claimed} for a slice of ${slice.quota}`);
    must(before.at <= slice.expiresAt, 'claimed for a slice that had expired');
    for (const row of rows) {
      const attemptId = String(row['attempt_id']);
      this.claims.set(attemptId, { attemptId, contactId: String(row['contact_id']), phone: String(row['phone']) });
    }
  }
}
