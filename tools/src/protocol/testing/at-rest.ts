import type { Disposition } from '@discador/contracts/dispositions';
import { allowedDispositions } from './call-ended-event.ts';
import { must } from './findings.ts';
import type { World } from './world.ts';

interface AttemptRow extends Record<string, unknown> {
  attempt_id: string;
  contact_id: string;
  disposition: Disposition | null;
  ended: boolean;
  inferred: boolean;
}

/** What must hold of the database when everything is over: statement → the rows that must not be. */
const NEVER: Record<string, string> = {
  'an attempt is still open': 'SELECT attempt_id FROM open_attempts',
  'a contact is being dialled by nobody': `SELECT contact_id, status FROM contacts WHERE status = 'dialing'`,
  'a contact is not final': `SELECT contact_id, status FROM contacts WHERE status NOT IN ('completed', 'failed')`,
  'a slice gave another number of attempts than it counts': `
    SELECT slice_id, used, quota FROM slices s WHERE used > quota OR used <> (SELECT count(*) FROM call_attempts a WHERE a.slice_id = s.slice_id)`,
  'an attempt without a slice': 'SELECT attempt_id FROM call_attempts a WHERE NOT EXISTS (SELECT 1 FROM slices s WHERE s.slice_id = a.slice_id)',
  'an attempt after one that is in doubt': `
    SELECT b.attempt_id FROM call_attempts a JOIN call_attempts b USING (contact_id) WHERE a.in_doubt AND b.claimed_at > a.recorded_at`,
  'attempts of a contact counted wrongly': `
    SELECT contact_id, attempts FROM contacts k
     WHERE attempts <> (SELECT count(*) FROM call_attempts a WHERE a.contact_id = k.contact_id AND a.disposition <> 'not_placed')`,
  'ends counted otherwise than once': `
    SELECT campaign_id, disposition FROM call_attempts a GROUP BY 1, 2
    HAVING count(*) <> (SELECT coalesce(sum(delta), 0) FROM campaign_deltas d WHERE d.campaign_id = a.campaign_id AND d.counter = 'disposition:' || a.disposition)`,
  'claims counted otherwise than once': `
    SELECT campaign_id FROM call_attempts a GROUP BY 1
    HAVING count(*) <> (SELECT coalesce(sum(delta), 0) FROM campaign_deltas d WHERE d.campaign_id = a.campaign_id AND d.counter = 'attempts')`,
};

/** @returns the attempts, by how they ended and who knew */
export async function checkAtRest(world: World): Promise<string[]> {
  for (const [what, statement] of Object.entries(NEVER)) {
    const rows = await world.lane.rows(statement);
    must(rows.length === 0, `${what}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  const attempts = await world.lane.rows<AttemptRow>('SELECT attempt_id, contact_id, disposition, ended_at IS NOT NULL AS ended, inferred FROM call_attempts');
  for (const attempt of attempts) checkEnd(world, attempt);
  const known = new Set(attempts.map((attempt) => attempt.attempt_id));
  for (const attemptId of world.claims.claims.keys()) must(known.has(attemptId), 'a claim that was answered is not in the ledger');
  const quotas = [...world.claims.slices.values()].reduce((sum, slice) => sum + slice.quota, 0);
  must(world.carrier.placed <= quotas, 'more calls than were ordered');
  must(world.slices.parked.length === 0 && world.outcomes.parked.length === 0, 'a message was parked');
  return attempts.map(({ disposition, inferred }) => `an attempt ended as ${disposition}${inferred ? ', inferred' : ''}`);
}

function checkEnd(world: World, { attempt_id: id, disposition, ended }: AttemptRow): void {
  must(ended && disposition !== null, `attempt ${id} has no end`);
  const call = world.carrier.calls.get(id);
  const allowed = call ? allowedDispositions(call) : new Set<Disposition>(['not_placed', 'in_doubt']);
  must(allowed.has(disposition), `attempt ${id} ended as ${disposition}, may be ${[...allowed].join(', ')}: ${JSON.stringify({ ...call, pbx: call?.pbx.name })}`);
}
