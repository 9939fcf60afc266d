import { atLeast, atMost, type Check } from '../bench/measurement.ts';
import type { CampaignCheck } from '../ledger-check/read-ledger.ts';

/** How many attempts each stage waits for. */
export const STAGE = 150;

/** What was counted while two commits dialled one campaign. */
export interface UpgradeCounts {
  /** attempts by the workers of each commit while both ran */
  beside: { present: number; older: number };
  /** attempts by the older commit in all */
  byOlder: number;
  /** attempts after every service of this commit had ended */
  afterRollback: number;
  /** contacts without a final status, those included that the older gateway was given and has not imported */
  unfinished: number;
  /** attempts of which no record-shipper brought a record */
  notShipped: number;
}

/** Judges an upgrade and its rollback: nobody called twice, no call lost, and that each commit did its part, without which the rest says nothing.
 *  @param check the campaign in the ledger, held against the PBX's own records */
export function verdict(check: CampaignCheck, { beside, byOlder, afterRollback, unfinished, notShipped }: UpgradeCounts): { result: object; checks: Check[] } {
  const { attempts, calls, matched, byDisposition, inDoubt } = check;
  return {
    result: { attempts, calls, matched, byDisposition, inDoubt, beside, byOlder, afterRollback },
    checks: [
      atMost('duplicates', check.duplicates.length, 0),
      atMost('attempts that ledger and PBX tell differently', check.mismatches.length, 0),
      atMost('attempts without an end', check.open, 0),
      atMost('contacts without a final status', unfinished, 0),
      atMost('in doubt', inDoubt, 0),
      atMost('attempts whose records were not shipped', notShipped, 0),
      atLeast('attempts by this commit beside the older one', beside.present, 1),
      atLeast('attempts by the older commit beside this one', beside.older, 1),
      atLeast('attempts by the older commit', byOlder, STAGE),
      atLeast('attempts after the rollback', afterRollback, 1),
    ],
  };
}
