import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from '../bench/markdown-table.ts';
import { rounded, type Check, type Measurement } from '../bench/measurement.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { summarizeRecovery } from './recovery.ts';
import type { ChaosResult, FaultLine, RecoveryRow } from './types.ts';

const REPORTS = new URL('../../../docs/reports/', import.meta.url);
export const REPORT_FILE = new URL('chaos.md', REPORTS);

export interface ChaosMeasurement extends Measurement {
  result: ChaosResult;
}

/** One committed run: its measurement and its fault log. */
export interface ReportedRun {
  made: ChaosMeasurement;
  faults: FaultLine[];
}

/** The report of some runs of `chaos`, from their JSON and fault logs alone. @param runs  at least one */
export function chaosReport(runs: readonly ReportedRun[]): string {
  const first = runs[0];
  if (!first) throw new Error('no run to report');
  const { machine } = first.made;
  return `# Chaos: everything is killed while it dials

Generated from the \`chaos-N.json\` and \`chaos-N.faults.ndjson\` beside it by \`node --conditions=source tools/src/chaos/report.ts\`; measured by \`npm run chaos\`
on ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}. Everything runs on the same cores.

${methodText(runs)}

## The runs

${markdownTable(['', ...runs.map((_, index) => `run ${index + 1}`)], facts(runs))}

${markdownTable(['check', 'limit', ...runs.map((_, index) => `run ${index + 1}`)], checkRows(runs), 2)}

## Faults

Those that count, of all runs, by what was hit and how.

${faultTable(runs)}

## Until the dialling is back

Of the faults that had nothing else near them: seconds until the INVITEs come at their former rate again, p50 / p95 / max. Counted from the fault, and from a server's return where that was away. A hole is wherever two seconds bring less than 0.7 of the former calls; its end is the first call after it.

${recoveryTable(runs)}

## In doubt

An attempt of which nobody can tell whether it became a call is closed as in doubt, and its contact is never called again.

${runs.map(({ made }, index) => listOf(`Run ${index + 1}`, made.result.inDoubtExplained)).join('\n\n')}

## What the judge found

${runs.map(({ made }, index) => listOf(`Run ${index + 1}`, made.result.findings.map(({ kind, attemptId, contactId, why }) => `${kind}, ${attemptId ? `attempt ${attemptId}` : contactId ? `contact ${contactId}` : 'no attempt'}: ${why}`))).join('\n\n')}

## What these runs do not show

- One machine with one clock: no lost packets, no partition between machines, no clocks that drift apart.
- Processes die, their disks do not: no power loss, no full disk, no PostgreSQL that fails over to a replica.
- One PBX, and a carrier that is simulated by SIPp: real trunks answer later and in more ways.
- A fault that took nothing with it, because its target was idle, is not counted; faults that follow each other within seconds are judged, but not timed.
- ${runs.length === 1 ? 'One run is' : `${runs.length} runs are`} evidence, not proof: a race that comes once in many thousand faults may not have come.
`;
}

function methodText(runs: readonly ReportedRun[]): string {
  const counted = runs.flatMap(({ faults }) => faults.filter((fault) => fault.counted));
  const least = Math.min(...counted.map(({ inFlight }) => inFlight));
  return `Two masters, three workers, two monitors and the rest of the system dial, over Asterisk, a carrier played by SIPp, while processes and servers are killed, frozen and restarted and their connections are cut, half-opened and delayed, in an order that the seed decides. A fault counts when it hit a target at work: the replica that led, or the worker with most calls; never with fewer than ${Number.isFinite(least) ? least : 0} calls in flight. The judge looks only at what the system cannot influence, the PBX's event log (CEL) and the INVITEs in the carrier's log, and holds the ledger against it. Half of the contacts may be called once: such a number twice at the carrier is a duplicate. The others are called again after a minute at the earliest: two calls closer than that are a duplicate, as is any call after one in doubt that had reached the carrier. Each call must belong to one attempt, each attempt that passed the dial gate must have its call and its end; only for a call that lived when Asterisk died may the end be missing, its INVITE if that was due in the two seconds before, or its answer on one side if it came in the last second; the runs say how often that was excused. At the end no attempt is open and every contact is final or due.`;
}

function facts(runs: readonly ReportedRun[]): string[][] {
  const row = (name: string, value: (run: ReportedRun) => string | number): string[] => [name, ...runs.map((run) => String(value(run)))];
  const result = (name: string, key: keyof ChaosResult): string[] => row(name, ({ made }) => made.result[key] as number);
  return [
    row('day', ({ made }) => made.at.slice(0, 10)),
    row('commit', ({ made }) => `${made.commit.slice(0, 10)}${made.dirty ? ' and changes' : ''}`),
    row('seed', ({ made }) => made.seed),
    row('minutes', ({ made }) => (made.result.seconds / 60).toFixed(1)),
    result('faults that count', 'faults'),
    row('of them at a leader', ({ faults }) => faults.filter(({ counted, leader }) => counted && leader).length),
    result('attempts', 'attempts'),
    result('calls at the carrier', 'calls'),
    result('calls per second', 'callsPerSecond'),
    result('ends told by the sweeper', 'swept'),
    result('ends inferred', 'inferred'),
    result('in doubt', 'inDoubt'),
    result('excused, because Asterisk died', 'excused'),
  ];
}

function shown({ ok, value }: Check): string {
  const short = rounded(value, 5);
  return ok ? String(short) : `**${short}, missed**`;
}

function checkRows(runs: readonly ReportedRun[]): string[][] {
  const names = [...new Set(runs.flatMap(({ made }) => made.checks.map(({ name }) => name)))];
  return names.map((name) => {
    const checks = runs.map(({ made }) => made.checks.find((check) => check.name === name));
    const limits = [...new Set(checks.flatMap((check) => check?.limit ?? []))];
    return [name, limits.join(', '), ...checks.map((check) => (check ? shown(check) : ''))];
  });
}

function faultTable(runs: readonly ReportedRun[]): string {
  const sums = new Map<string, Map<string, number>>();
  const kinds = new Set<string>();
  for (const { made } of runs) {
    for (const [kind, targets] of Object.entries(made.result.byKind)) {
      kinds.add(kind);
      for (const [target, n] of Object.entries(targets)) {
        const row = sums.get(target) ?? new Map<string, number>();
        sums.set(target, row.set(kind, (row.get(kind) ?? 0) + n));
      }
    }
  }
  const total = (row: Map<string, number>): number => [...row.values()].reduce((sum, n) => sum + n, 0);
  const rows = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([target, row]) => [target, ...[...kinds].map((kind) => String(row.get(kind) ?? '')), String(total(row))]);
  const below = [...kinds].map((kind) => [...sums.values()].reduce((sum, row) => sum + (row.get(kind) ?? 0), 0));
  return markdownTable(['target', ...kinds, 'all'], [...rows, ['all', ...below.map(String), String(below.reduce((sum, n) => sum + n, 0))]]);
}

function recoveryTable(runs: readonly ReportedRun[]): string {
  const limits = [...new Map(runs.flatMap(({ made }) => made.result.recovery.map(({ group, limitMs }) => [group, { group, limitMs }])))].map(([, limit]) => limit);
  const together = summarizeRecovery(runs.flatMap(({ faults }) => faults), limits);
  const cell = (row: RecoveryRow | undefined): string => (row ? `${[row.p50Ms, row.p95Ms, row.maxMs].map(seconds).join(' / ')} (${row.faults})` : '');
  const rows = limits.map(({ group, limitMs }) => {
    const find = (of: readonly RecoveryRow[]): string => cell(of.find((row) => row.group === group));
    return [group, ...runs.map(({ made }) => find(made.result.recovery)), find(together), seconds(limitMs)];
  });
  return markdownTable(['group (faults in brackets)', ...runs.map((_, index) => `run ${index + 1}`), 'together', 'limit, s'], rows);
}

const seconds = (ms: number | null): string => (ms === null ? 'never' : (ms / 1000).toFixed(1));

function listOf(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${title}: none.` : `${title}:\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

/** Reads the committed runs: chaos-1.json, chaos-2.json … with their fault logs. @returns none when there is no first one */
export function readRuns(): ReportedRun[] {
  const runs: ReportedRun[] = [];
  for (let n = 1; existsSync(new URL(`chaos-${n}.json`, REPORTS)); n++) {
    const text = (name: string): string => readFileSync(new URL(name, REPORTS), 'utf8');
    runs.push({
      made: JSON.parse(text(`chaos-${n}.json`)) as ChaosMeasurement,
      faults: text(`chaos-${n}.faults.ndjson`).split('\n').filter(Boolean).map((line) => JSON.parse(line) as FaultLine),
    });
  }
  return runs;
}

runAsMain(import.meta.url, async () => writeFileSync(REPORT_FILE, chaosReport(readRuns())));
