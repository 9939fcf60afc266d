import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from '../../bench/markdown-table.ts';
import { valueOf } from '../../bench/measurement.ts';
import { runAsMain } from '../../stack/run-as-main.ts';
import type { Cell } from '../cell.ts';
import type { Dialer } from '../dialers.ts';
import { minus, pairwise, type Figure } from '../figure.ts';
import { bestPeer, expectedOf, tunedCell, type Row } from '../judge.ts';
import type { PacingMeasurement } from '../measure.ts';
import { pacingCharts } from './charts.ts';

const REPORTS = new URL('../../../../docs/reports/', import.meta.url);
const JSON_FILE = new URL('pacing.json', REPORTS);

/** The report of a run of the laboratory: file names in docs/reports, and what stands in each. */
export function pacingReport(made: PacingMeasurement): Record<string, string> {
  return { 'pacing.md': pageOf(made), ...pacingCharts(made.result.rows) };
}

/** The committed measurement. */
export function readMeasurement(): PacingMeasurement {
  return JSON.parse(readFileSync(JSON_FILE, 'utf8')) as PacingMeasurement;
}

export const readReport = (file: string): string => readFileSync(new URL(file, REPORTS), 'utf8');

function pageOf(made: PacingMeasurement): string {
  const { machine, result, checks } = made;
  const steady = result.rows.filter(({ answerPercent }) => answerPercent !== undefined);
  const changing = result.rows.filter(({ answerPercent }) => answerPercent === undefined);
  return `# Pacing: how busy agents are kept, and how many callers are lost

Generated from [pacing.json](pacing.json) by \`node --conditions=source tools/src/pacing-lab/report/report.ts\`; measured by \`npm run pacing-lab -- --seeds ${result.seeds.length} --seed ${made.seed} --hours ${result.hours} --json --out docs/reports/pacing.json\`
at commit ${made.commit.slice(0, 10)}${made.dirty ? ' and changes' : ''} on ${made.at.slice(0, 10)}, Node ${machine.node}. What the controller does, in words: [pacing.md](../pacing.md).

${METHOD}

${result.seeds.length} runs of ${result.hours} hours per cell, the same seeds in all of them, after half an hour of warm-up. Cells: agents busy, % / abandoned, % of the answers. ± is the standard error over the seeds: other seeds would give a mean that is further off one time in three.

## What was asked

${markdownTable(['figure', 'limit', 'measured', 'worst with'], checks.map((check) => [check.name, check.limit, check.ok ? valueOf(check) : `**${valueOf(check)}, missed**`, result.worst.find((one) => one.check === check.name)?.scenario ?? '']), 1)}

## Where nothing changes

${markdownTable(['agents, answered', 'progressive', 'legacy ×6', 'Issabel', 'VICIdial, tuned', 'best peer ≤ 3 %', '**predictive**', 'its seeds, abandoned', 'orders split over 10, 1 s late', 'agents’ free times known'], steady.map(steadyCells))}

What late orders cost, in points of occupancy. Predictive always looks ahead as far as late orders need, because in the product they are late, and gives something up for it where none is; the reference looks as if none were.

${markdownTable(['orders split over 10, 1 s late', '**predictive**', 'agents’ free times known'], steady.filter(({ split }) => split).map(lateCells))}

![Agents busy against callers abandoned](pacing-occupancy.svg)

## Where something does

Answer rates that jump between 10 and 60 % every 20 minutes; answer rate and talk that drift over hours; agents on breaks of their own; shifts that change; 40 % machines that cost 8 s of talk; 14 instead of 8 s of ringing. 30 % are answered on average, but where it jumps 35 %. Peers keep the settings that were best for as many agents in a steady world.

${markdownTable(['agents, what changes', 'progressive', 'legacy ×6', 'Issabel', 'VICIdial', 'best peer ≤ 3 %', '**predictive**', 'its seeds, abandoned'], changing.map(commonCells))}

## How long agents wait

Mean seconds between two talks, and in brackets what one wait in twenty exceeds.

${markdownTable(['', 'progressive', 'best peer ≤ 3 %', '**predictive**', 'agents’ free times known'], steady.map((row) => [row.scenario, ...[row.progressive, bestPeer(row), row.predictive, row.reference].map(waiting)]))}

![Agents’ waiting](pacing-waiting.svg)

## The worst quarter of an hour

Of all runs, the 15 minutes, beginning at any second, with most abandons above 3 % of their answers. Allowed are 5 + 0.1 × agents: the green bars.

![The worst quarter of an hour](pacing-quarter.svg)

${markdownTable(['', 'predictive: abandons of answers', 'above 3 %', 'allowed', 'VICIdial: above 3 %'], result.rows.map(quarterCells))}

## The peers' settings

Each was tried with ${triedText(steady)} settings per scenario: all of them on one seed and a few hours, the better ones on three seeds, the best eight on all. So peers are tuned to the very runs that they are judged by.

${gridText(result.grid)}

${markdownTable(['', 'power', 'legacy', 'Issabel', 'VICIdial'], steady.map((row) => [row.scenario, ...['power', 'legacy', 'issabel', 'vicidial'].map((peer) => settings(tunedCell(row, peer)))]))}

## How faithful the laboratory is

The same dialers were measured before on another simulator of the same world. Differences in occupancy, here less there, in points:

${markdownTable(['', 'progressive', 'legacy ×6', 'Issabel', 'VICIdial, tuned', 'predictive', 'agents’ free times known'], steady.map(differences))}

The dialers that only count are simulated at ${result.callsPerCpuSecond.toLocaleString('en')} calls per second of CPU; a predictive decision for 500 agents and 4,000 calls in flight takes ${result.decisionMs} ms.
`;
}

const METHOD = `A discrete-event simulator, \`tools/src/pacing-lab\`, plays a campaign call by call; the dialers see its events and nothing else. A call is answered after 2 s + gamma (shape 3, mean 8 s) of ringing; of those that are not, 70 % ring out at 28 s, 15 % are busy after 3 s and 15 % fail after 1 s. Talk is lognormal with a mean of 150 s and a coefficient of variation of 1, wrap-up with 17 s and 0.5. Who is answered without an agent for 2 s is abandoned. Every dialer meets the same people: the nth call rings, and the nth talk lasts, equally long under all of them.

The peers are rebuilt from their sources: VICIdial's three adaptive methods (goal = level × (ready + talking + target), every 2.5 s; level every 15 s), Issabel's prediction by an exponential distribution, this project's forerunner (six lines per idle agent every 30 s, nothing subtracted), and power, a fixed number of lines per idle agent. The reference cheats: it knows when each agent will be free, and how people answer.`;

function steadyCells(row: Row): string[] {
  return [...commonCells(row), shown(row.split), shown(row.reference)];
}

function lateCells(row: Row): string[] {
  const lost = (whole: Cell | undefined, late: Cell | undefined): string => (whole && late ? withError(pairwise(whole, late, minus)) : '');
  return [row.scenario, `**${lost(row.predictive, row.split)}**`, lost(row.reference, row.referenceSplit)];
}

function commonCells(row: Row): string[] {
  return [row.scenario, ...[row.progressive, row.legacy, row.issabel, tunedCell(row, 'vicidial'), bestPeer(row)].map(shown), `**${shown(row.predictive)}**`, range(row.predictive)];
}

function quarterCells(row: Row): string[] {
  const quarter = row.predictive?.worstQuarter;
  return [row.scenario, quarter ? `${quarter.abandons} of ${quarter.answers}` : '', quarter?.above.toFixed(1) ?? '', (5 + 0.1 * row.agents).toFixed(1), tunedCell(row, 'vicidial')?.worstQuarter.above.toFixed(1) ?? ''];
}

function differences(row: Row): string[] {
  const expected = expectedOf(row);
  const points = (cell: Cell | undefined, there: number | undefined): string => (cell && there !== undefined ? signed(cell.occupancy - there) : '');
  return [row.scenario, points(row.progressive, expected?.progressive[0]), points(row.legacy, expected?.legacy[0]), points(row.issabel, expected?.issabel[0]), points(tunedCell(row, 'vicidial'), expected?.vicidial[0]), points(row.predictive, expected?.predictive[0]), points(row.reference, expected?.reference)];
}

const withError = ({ value, error }: Figure): string => `${value.toFixed(2)}${error === undefined ? '' : ` ± ${error.toFixed(2)}`}`;
const signed = (value: number): string => `${value < -0.05 ? '−' : value > 0.05 ? '+' : ''}${Math.abs(value).toFixed(1)}`;
const shown = (cell: Cell | undefined): string => (cell ? `${cell.occupancy.toFixed(1)} / ${cell.abandonment.toFixed(2)}` : '');
const range = (cell: Cell | undefined): string => (cell ? cell.abandonmentRange.map((value) => value.toFixed(2)).join(' – ') : '');
const waiting = (cell: Cell | undefined): string => (cell ? `${cell.agentWaitMeanSec.toFixed(1)} (${cell.agentWaitP95Sec.toFixed(0)})` : '');

function settings(cell: Cell | undefined): string {
  return cell ? `${settingsOf(cell.dialer)}: ${shown(cell)}` : '';
}

function settingsOf(dialer: Dialer): string {
  switch (dialer.kind) {
    case 'power':
      return `${dialer.linesPerAgent} lines`;
    case 'legacy':
      return `×${dialer.impulseFactor}`;
    case 'issabel':
      return `${dialer.qos}`;
    case 'vicidial':
      return `${dialer.mode}, level ≤ ${dialer.maxLevel}, target ${dialer.diffTarget}, intensity ${dialer.intensity}`;
    default:
      return '';
  }
}

function triedText(rows: readonly Row[]): string {
  const counts = rows.map(({ tuned }) => tuned.reduce((sum, { tried }) => sum + tried, 0));
  return `${Math.min(...counts)} to ${Math.max(...counts)}`;
}

function gridText(grid: PacingMeasurement['result']['grid']): string {
  const axes = (of: object): string => Object.entries(of).map(([name, values]) => `${name} ${(values as unknown[]).join(', ')}`).join('; ');
  return Object.entries(grid).map(([peer, of]) => `- ${peer}: ${axes(of)}`).join('\n');
}

runAsMain(import.meta.url, async () => {
  for (const [file, text] of Object.entries(pacingReport(readMeasurement()))) writeFileSync(new URL(file, REPORTS), text);
});
