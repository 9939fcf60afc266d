import Table from 'cli-table3';
import { Argument, Option, type Command } from 'commander';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { wholeNumber } from '../../bench/options.ts';
import { reportToStderr } from '../../stack/report.ts';
import { EXIT, StackError } from '../../stack/stack-error.ts';
import { whole } from '../options.ts';
import { readRecord, type CampaignRecord } from './read-record.ts';
import { replay, type ReplayResult } from './replay.ts';

/** Modes that a record of agents and calls can be played with: preview waits for people, agentless has none. */
const MODES = ['progressive', 'power', 'predictive', 'legacy'] as const;

export interface ReplayCommand {
  mode: (typeof MODES)[number][];
  campaign?: string;
  channels?: number;
  seed: number;
  json: boolean;
}

/** Adds `replay FILE`. @param run  what it does */
export function addReplayCommand(program: Command, run: (file: string, options: ReplayCommand) => Promise<void> = runReplay): void {
  program
    .command('replay')
    .description('What would another mode have done with a recorded campaign?')
    .addArgument(new Argument('<file>', 'events as `discador events tail --json` prints them: call.* and agent.*'))
    .addOption(new Option('--mode <mode...>', 'modes to play it with').choices([...MODES]).default(['progressive', 'predictive']))
    .option('--campaign <id>', 'only calls of this campaign')
    .option('--channels <n>', 'calls at the same time, at most; without it legacy takes its default of 10', whole(1, 100_000))
    .option('--seed <n>', 'the same chance for every mode', wholeNumber, 1)
    .option('--json', 'print JSON', false)
    .action((file: string, options: ReplayCommand) => run(file, options));
}

async function runReplay(file: string, { mode, campaign, channels, seed, json }: ReplayCommand): Promise<void> {
  const result = replay(await read(file, campaign), mode.map((one) => ({ mode: one, maxChannels: channels })), seed);
  if (result.unreadable > 0) reportToStderr(`${result.unreadable} lines are no events and were passed by`);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${sideBySide(result)}\n`);
}

async function read(file: string, campaign: string | undefined): Promise<CampaignRecord> {
  try {
    return await readRecord(createInterface({ input: createReadStream(file), crlfDelay: Infinity }), campaign);
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError(`${file} cannot be read: ${(error as Error).message}`, EXIT.usage);
  }
}

function sideBySide({ outcomes, agents, staffedHours, seconds }: ReplayResult): string {
  const table = new Table({ head: ['', ...outcomes.map(({ mode }) => mode)], style: { head: [], border: [] }, colAligns: ['left', ...outcomes.map(() => 'right' as const)] });
  table.push(
    ['calls', ...outcomes.map(({ dials }) => dials)],
    ['answered', ...outcomes.map(({ answers }) => answers)],
    ['talks with an agent', ...outcomes.map(({ talks }) => talks)],
    ['abandoned', ...outcomes.map(({ abandons, abandonment }) => `${abandons} (${abandonment.toFixed(2)} %)`)],
    ['agents busy', ...outcomes.map(({ occupancy }) => `${occupancy.toFixed(1)} %`)],
  );
  return `${agents} agents, ${staffedHours} agent hours in ${(seconds / 3600).toFixed(1)} hours\n${table.toString()}`;
}
