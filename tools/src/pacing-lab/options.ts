import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../stack/stack-error.ts';
import { SCENARIOS } from './world/scenarios.ts';

/** Columns of the table that can be asked for alone. */
export const COLUMNS = ['progressive', 'legacy', 'issabel', 'peers', 'predictive', 'reference', 'split'] as const;
export type Column = (typeof COLUMNS)[number];

export interface MeasureCommand {
  seeds: number;
  seed: number;
  hours: number;
  threads: number;
  scenario: string[];
  controller: Column[];
  json: boolean;
  out?: string;
}

/** Adds the options of a measurement. */
export function addMeasureOptions(command: Command): Command {
  return command
    .option('--seeds <n>', 'runs per cell, with seeds one after another', whole(1, 1000), 20)
    .option('--seed <n>', 'first seed', whole(1, 999_999_999), 1)
    .option('--hours <n>', 'hours measured, after half an hour of warm-up', hours, 8)
    .option('--threads <n>', 'runs at the same time', whole(1, 64), 1)
    .addOption(new Option('--scenario <name...>', 'only these, e.g. "20 agents, 30 %"').choices(SCENARIOS.map(({ name }) => name)).default([]))
    .addOption(new Option('--controller <name...>', 'only these columns; peers tunes power, legacy, Issabel and VICIdial').choices([...COLUMNS]).default([]))
    .option('--json', 'print JSON', false)
    .option('--out <file>', 'also write the JSON to a file');
}

/** The command itself; ends the process with code 2 when it is used wrongly. */
export function labCommand(): Command {
  const program = new Command('npm run pacing-lab --').exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));
  // Else --json and --seed behind a subcommand would be taken for the measurement's own.
  return program.enablePositionalOptions();
}

export function whole(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < from || value > to) throw new InvalidArgumentError(`must be a whole number from ${from} to ${to}`);
    return value;
  };
}

function hours(text: string): number {
  const value = Number(text);
  if (!(value >= 0.25 && value <= 24)) throw new InvalidArgumentError('must be a number from 0.25 to 24');
  return value;
}
