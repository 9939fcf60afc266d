import { HOST } from '../stack/addresses.ts';
import { numbers } from './numbers.ts';
import { readCalls, settledDifferences } from './recorded-calls.ts';
import { startSippCarrier, type Invite, type SippCarrier } from '../chaos/sipp-carrier.ts';
import { openSystem, startCampaign, untilFinished, type System } from './system.ts';

/** Free in each stack's block of ports, as is the one after. */
const SIPP_OFFSET = 8;
const ENDS = { '011': 'answered', '102': 'busy', '003': 'no_answer', '004': 'congestion', '005': 'invalid_number', '016': 'answered', '017': 'answered', '008': 'rejected', '019': 'answered' };
const called = Object.entries(ENDS).flatMap(([digits, disposition]) => numbers(2, digits).map((phone) => ({ phone, disposition })));

let carrier: SippCarrier;
let system: System;
let campaignId: string;

beforeAll(async () => {
  const before = await openSystem();
  await before.close();
  const port = (before.stack.portBase ?? 0) + SIPP_OFFSET;
  carrier = await startSippCarrier(port);
  system = await openSystem({ trunkUri: `sip:${HOST}:${port}` });
  // Two attempts: what is not answered is called again, and the carrier must have seen that too.
  campaignId = await startCampaign(system, called.map(({ phone }) => phone), { maxAttempts: 2 });
  await untilFinished(system, campaignId);
}, 120_000);

afterAll(async () => {
  await carrier?.stop();
  await system?.close();
});

const sorted = (words: string[]): string[] => [...words].sort();

async function reachedPbx(): Promise<string[]> {
  const calls = readCalls(system.stack.pbx[0]?.celLog ?? '');
  const { rows } = await system.db.query<{ attempt_id: string; phone: string }>('SELECT attempt_id, phone FROM report.attempts WHERE campaign_id = $1', [campaignId]);
  return rows.filter((row) => calls.has(row.attempt_id)).map(({ phone }) => phone.slice(1));
}

test('the carrier’s INVITEs are exactly the attempts that reached the PBX', async () => {
  const invites: Invite[] = carrier.invites();
  expect(invites.length).toBeGreaterThanOrEqual(called.length);
  expect(sorted(invites.map(({ number }) => number))).toEqual(sorted(await reachedPbx()));
  expect(new Set(invites.map(({ callId }) => callId)).size).toBe(invites.length);
});

test('every attempt ends as the carrier’s answer says', async () => {
  const { rows } = await system.db.query<{ phone: string; disposition: string }>('SELECT DISTINCT phone, disposition FROM report.attempts WHERE campaign_id = $1', [campaignId]);
  const byPhone = (a: { phone: string }, b: { phone: string }): number => a.phone.localeCompare(b.phone);
  expect(rows.sort(byPhone)).toEqual([...called].sort(byPhone));
});

test('the PBX’s file and report.attempts differ nowhere', async () => {
  expect(await settledDifferences(system, campaignId)).toEqual([]);
});
