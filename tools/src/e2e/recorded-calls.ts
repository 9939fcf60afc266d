import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { eventually, type System } from './system.ts';

/** A call as the PBX's own file tells it. */
export interface RecordedCall {
  attemptId: string;
  number: string;
  /** how often the dialled half began */
  starts: number;
  /** epoch seconds */
  startedAt: number;
  answered: boolean;
  /** an agent took it */
  bridged: boolean;
  /** hangup cause of the dialled half, of the other when it has none */
  cause: number | null;
  account: string;
}

interface Attempt {
  attempt_id: string;
  phone: string;
  disposition: string | null;
}

/** Reads cel.csv with means of its own, none of them the product's: both would else err alike. Calls that the dial gate refused are no calls. */
export function readCalls(celLog: string): Map<string, RecordedCall> {
  const calls = new Map<string, RecordedCall>();
  for (const line of readFileSync(celLog, 'utf8').split('\n')) {
    const [event, time, channel = '', , , , exten = '', account = '', , extra = ''] = [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((match) => match[1] ?? '');
    const [attemptId = '', half] = channel.split(';');
    if (!/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(attemptId)) continue;
    const call = calls.get(attemptId) ?? { attemptId, number: '', starts: 0, startedAt: 0, answered: false, bridged: false, cause: null, account: '' };
    calls.set(attemptId, call);
    if (account) call.account = account;
    if (half === '1' && event === 'BRIDGE_ENTER') call.bridged = true;
    if (event === 'HANGUP') {
      // The dialled half's counts; 0 = none given there.
      const cause = Number(/hangupcause"":(\d+)/.exec(extra)?.[1] ?? 0);
      call.cause = half === '2' ? cause || call.cause : call.cause || cause;
    }
    if (half !== '2') continue;
    if (event === 'CHAN_START') Object.assign(call, { number: exten, starts: call.starts + 1, startedAt: Number(time) });
    if (event === 'ANSWER') call.answered = true;
  }
  return new Map([...calls].filter(([, { starts, cause }]) => starts > 0 && cause !== 26));
}

/** Joins the PBX's file with `report.attempts` by attempt id, in full and in both directions.
 *  @param reachAgents an answered call that no agent took counts as abandoned
 *  @returns every difference in words */
export async function differences(db: pg.Pool, celLogs: string[], campaignId: string, reachAgents: boolean): Promise<string[]> {
  const { rows } = await db.query<Attempt>('SELECT attempt_id, phone, disposition FROM report.attempts WHERE campaign_id = $1', [campaignId]);
  const calls = new Map(celLogs.flatMap((file) => [...readCalls(file)]));
  const known = new Set(rows.map((row) => row.attempt_id));
  const unknown = [...calls.values()].filter((call) => call.account === campaignId && !known.has(call.attemptId));
  return [
    ...unknown.map(({ attemptId }) => `${attemptId}: called, and not in the ledger`),
    ...rows.flatMap((attempt) => difference(attempt, calls.get(attempt.attempt_id), reachAgents)),
  ];
}

/** As `differences`, once the PBX has written the ends of the last calls. */
export async function settledDifferences({ db, stack }: System, campaignId: string, reachAgents = false): Promise<string[]> {
  const celLogs = stack.pbx.map(({ celLog }) => celLog ?? '');
  const look = (): Promise<string[]> => differences(db, celLogs, campaignId, reachAgents);
  await eventually('no differences', async () => (await look()).length === 0, 3000).catch(() => undefined);
  return look();
}

function difference({ attempt_id: id, phone, disposition }: Attempt, call: RecordedCall | undefined, reachAgents: boolean): string[] {
  if (!call) return disposition === 'not_placed' ? [] : [`${id}: ${disposition}, and never called`];
  if (call.starts !== 1) return [`${id}: called ${call.starts} times`];
  if (`+${call.number}` !== phone) return [`${id}: another number was called`];
  const expected = expectedDisposition(call, reachAgents);
  return expected === disposition ? [] : [`${id}: ${disposition}, the PBX says ${expected} (${call.cause})`];
}

const BY_CAUSE: Record<number, string> = { 1: 'invalid_number', 28: 'invalid_number', 17: 'busy', 19: 'no_answer', 21: 'rejected', 34: 'congestion' };

function expectedDisposition(call: RecordedCall, reachAgents: boolean): string {
  if (call.answered) return reachAgents && !call.bridged ? 'abandoned' : 'answered';
  return BY_CAUSE[call.cause ?? 0] ?? 'failed';
}
