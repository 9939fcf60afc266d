import type { World } from './world.ts';

interface LedgerLine extends Record<string, unknown> {
  attempt_id: string;
  contact: string;
  phone: string;
  pbx: string;
  claimed_at: Date;
  dial_by: Date;
  recorded_at: Date | null;
  disposition: string | null;
  inferred: boolean;
}

const SQL = `
SELECT attempt_id, right(contact_id::text, 6) AS contact, phone, pbx, claimed_at, dial_by, recorded_at, disposition, inferred
  FROM call_attempts ORDER BY contact_id, claimed_at`;

/** Every attempt beside what the PBX made of it, for who must find out what happened. Seconds before now, by the true clock. */
export async function tellLedger(world: World): Promise<string[]> {
  const now = world.lane.now();
  const ago = (at: number | null | undefined): string => (at ? `-${((now - at) / 1000).toFixed(1)}` : 'never');
  const rows = await world.lane.rows<LedgerLine>(SQL);
  const boots = world.pbxs.map((pbx) => `${pbx.name} ${pbx.skewMs} ms ahead, up since ${ago(pbx.bootedAt - pbx.skewMs)}`);
  return [...boots, ...rows.map((row) => {
    const call = world.carrier.calls.get(row.attempt_id);
    const made = call ? `${call.refused ? 'refused' : 'began'} ${ago(call.startedAt)} answered ${ago(call.answeredAt)} ended ${ago(call.endedAt)}${call.killed ? ' killed' : ''}${call.recordsLost ? ' records lost' : ''}` : 'no call';
    const said = `${row.disposition ?? 'open'}${row.inferred ? ' (inferred)' : ''} ${ago(row.recorded_at?.getTime())}`;
    return `contact ${row.contact} ${row.phone} ${row.pbx} claimed ${ago(row.claimed_at.getTime())} dial by ${ago(row.dial_by.getTime())}: ${made}; ledger ${said}`;
  })];
}
