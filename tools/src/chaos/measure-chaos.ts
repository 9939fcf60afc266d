import { setTimeout as sleep } from 'node:timers/promises';
import { atLeast, atMost, measurement, rounded, type Check, type Measurement } from '../bench/measurement.ts';
import { countSources, gatherEvidence, SETTLE_MS } from './gather-evidence.ts';
import { judge } from './judge.ts';
import { LEADERS, SERVERS, type PlannedFault } from './plan-faults.ts';
import { formerRate, recoveryMs, summarizeRecovery } from './recovery.ts';
import type { ChaosRun, DoneFault } from './run-chaos.ts';
import type { ChaosResult, FaultLine, Server, Verdict } from './types.ts';

/** Looked at for this long after an isolated fault, or after the server was back. */
const WATCH_MS = 14_000;

/** Each fault as a line of the log (contract 11). The injector strikes only what is active, with enough calls in flight: each counts. */
export function faultLog(run: ChaosRun): FaultLine[] {
  const invitesAt = run.invites.map(({ at }) => at).sort((a, b) => a - b);
  return run.faults.map((fault) => ({
    at: new Date(fault.at).toISOString(),
    kind: fault.planned.kind,
    target: fault.planned.target,
    pid: fault.pid,
    signal: fault.signal,
    wasActive: true,
    inFlight: fault.inFlight,
    recoveredMs: groupOf(fault.planned) === null ? null : recoveredMs(invitesAt, fault),
    counted: true,
    isolated: fault.planned.isolated,
    leader: fault.leader,
    backAt: fault.backAt,
    detail: fault.detail,
    group: groupOf(fault.planned),
  }));
}

/** From the fault, or from when the server was back, to dialling at the former rate. */
function recoveredMs(invitesAt: readonly number[], { at, backAt }: DoneFault): number | null {
  const from = backAt ?? at;
  return recoveryMs(invitesAt, from, formerRate(invitesAt, at), from + WATCH_MS);
}

/** Judges a run and puts its measurement together (contract 10).
 *  @param once  the short run: no figure of speed, and few faults */
export async function measureChaos(run: ChaosRun, faults: FaultLine[], seed: number, once: boolean): Promise<Measurement> {
  await sleep(SETTLE_MS);
  const verdict = judge(await gatherEvidence(run));
  const sources = await countSources(run);
  const recovery = summarizeRecovery(faults, LIMITS);
  const seconds = (run.to - run.from) / 1000;
  const result: ChaosResult = {
    faults: faults.length,
    attempts: verdict.attempts,
    calls: verdict.calls,
    duplicates: verdict.duplicates.length,
    lost: verdict.lost.length,
    stuck: verdict.stuck.length,
    ...sources,
    inDoubt: verdict.inDoubt.length,
    excused: verdict.excused.length,
    seconds: rounded(seconds, 1),
    callsPerSecond: rounded(verdict.calls / seconds, 2),
    recovery,
    inDoubtExplained: verdict.inDoubt.map(({ attemptId, why }) => `${attemptId}: ${why}`),
    findings: [...verdict.duplicates, ...verdict.lost, ...verdict.stuck],
    byKind: countByKind(faults),
  };
  const checks = [...safetyChecks(verdict), ...(once ? [] : figureChecks(faults, result))];
  return measurement('chaos', seed, { baseline: {}, result, ratio: { inDoubt: rounded(verdict.inDoubt.length / Math.max(1, verdict.attempts), 5) }, checks });
}

function safetyChecks({ duplicates, lost, stuck, inDoubt, attempts }: Verdict): Check[] {
  return [
    atMost('contacts dialled twice', duplicates.length, 0),
    atMost('calls or contacts lost', lost.length, 0),
    atMost('attempts or contacts stuck', stuck.length, 0),
    atMost('attempts in doubt, share', rounded(inDoubt.length / Math.max(1, attempts), 5), 0.002),
  ];
}

function figureChecks(faults: readonly FaultLine[], { attempts, recovery }: ChaosResult): Check[] {
  const share = (which: (fault: FaultLine) => boolean): number => rounded(faults.filter(which).length / Math.max(1, faults.length), 3);
  return [
    atLeast('faults at active targets', faults.length, 150),
    atLeast('attempts', attempts, 10_000),
    atLeast('faults at active leaders, share', share(({ leader }) => leader), 0.333),
    atMost('faults at servers, share', share(({ target }) => SERVERS.includes(target as Server)), 0.2),
    ...recovery.map(({ group, p95Ms, limitMs }) => atMost(`recovery after ${group}, p95 ms`, p95Ms ?? Number.POSITIVE_INFINITY, limitMs)),
  ];
}

const ASTERISK_GROUP = 'Asterisk, AMI, ARI';
/** Time to be back at the former rate: after the loss of a process, after Asterisk has returned, after another server has. */
const LIMITS = [
  ...['campaign-worker', ...LEADERS].map((group) => ({ group, limitMs: 3_000 })),
  { group: ASTERISK_GROUP, limitMs: 2_000 },
  ...SERVERS.filter((server) => server !== 'asterisk').map((group) => ({ group, limitMs: 5_000 })),
];

/** A fault on a process's connection to the PBX counts with the PBX, any other with the process; dialling does not depend on the rest. */
function groupOf({ target, isolated }: PlannedFault): string | null {
  const [who = '', server] = target.split('->');
  const group = who === 'asterisk' || server === 'asterisk' ? ASTERISK_GROUP : who;
  return isolated && LIMITS.some((limit) => limit.group === group) ? group : null;
}

function countByKind(faults: readonly FaultLine[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { kind, target } of faults) {
    const row = (counts[kind] ??= {});
    row[target] = (row[target] ?? 0) + 1;
  }
  return counts;
}
