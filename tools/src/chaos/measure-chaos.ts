import { setTimeout as sleep } from 'node:timers/promises';
import { atLeast, atMost, measurement, rounded, type Check, type Measurement } from '../bench/measurement.ts';
import { countSources, gatherEvidence, SETTLE_MS } from './gather-evidence.ts';
import { judge } from './judge.ts';
import { LEADERS, SERVERS } from './plan-faults.ts';
import { formerRate, percentile, recoveryMs } from './recovery.ts';
import type { ChaosRun, DoneFault } from './run-chaos.ts';
import type { ChaosResult, FaultLine, Process, RecoveryRow, Server, Verdict } from './types.ts';

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
    recoveredMs: fault.planned.isolated ? recoveredMs(invitesAt, fault) : null,
    counted: true,
    isolated: fault.planned.isolated,
    leader: fault.leader,
    backAt: fault.backAt,
    detail: fault.detail,
    group: fault.planned.isolated ? (groupOf(fault.planned.target)?.group ?? null) : null,
  }));
}

/** From the fault, or from when the server was back, to dialling at the former rate. */
function recoveredMs(invitesAt: readonly number[], { at, backAt }: DoneFault): number | null {
  const from = backAt ?? at;
  return recoveryMs([...invitesAt], from, formerRate([...invitesAt], at), from + WATCH_MS);
}

/** Judges a run and puts its measurement together (contract 10).
 *  @param once  the short run: no figure of speed, and few faults */
export async function measureChaos(run: ChaosRun, faults: FaultLine[], seed: number, once: boolean): Promise<Measurement> {
  await sleep(SETTLE_MS);
  const verdict = judge(await gatherEvidence(run));
  const sources = await countSources(run);
  const recovery = recoveryGroups(faults);
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

const PROCESS_LIMIT_MS = 3_000;
const ASTERISK_LIMIT_MS = 2_000;
const SERVER_LIMIT_MS = 5_000;

/** A fault on a process's connection to the PBX counts with the PBX, any other with the process. */
function groupOf(target: string): { group: string; limitMs: number } | null {
  const [who = '', server] = target.split('->');
  if (who === 'asterisk' || server === 'asterisk') return { group: 'Asterisk, AMI, ARI', limitMs: ASTERISK_LIMIT_MS };
  if (SERVERS.includes(who as Server)) return { group: who, limitMs: SERVER_LIMIT_MS };
  return [...LEADERS, 'campaign-worker'].includes(who as Process) ? { group: who, limitMs: PROCESS_LIMIT_MS } : null;
}

/** A recovery that was not seen counts as endless. */
export function recoveryGroups(faults: readonly FaultLine[]): RecoveryRow[] {
  const groups = new Map<string, { limitMs: number; values: number[] }>();
  for (const { isolated, target, recoveredMs: ms } of faults) {
    const found = isolated ? groupOf(target) : null;
    if (!found) continue;
    const known = groups.get(found.group) ?? { limitMs: found.limitMs, values: [] };
    known.values.push(ms ?? Number.POSITIVE_INFINITY);
    groups.set(found.group, known);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([group, { limitMs, values }]) => ({
    group,
    faults: values.length,
    p50Ms: finite(percentile(values, 50)),
    p95Ms: finite(percentile(values, 95)),
    maxMs: finite(Math.max(...values)),
    limitMs,
  }));
}

const finite = (value: number): number | null => (Number.isFinite(value) ? Math.round(value) : null);

function countByKind(faults: readonly FaultLine[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { kind, target } of faults) {
    const row = (counts[kind] ??= {});
    row[target] = (row[target] ?? 0) + 1;
  }
  return counts;
}
