import { InvalidArgumentError, Option, type Command } from 'commander';
import { measurementCommand, type MeasurementOptions } from '../bench/options.ts';
import { SCENARIOS } from './world/scenarios.ts';

/** Columns of the table that can be asked for alone. */
export const COLUMNS = ['progressive', 'legacy', 'issabel', 'peers', 'predictive', 'reference', 'split'] as const;
export type Column = (typeof COLUMNS)[number];

export interface MeasureCommand extends MeasurementOptions {
  seeds: number;
  hours: number;
  threads: number;
  scenario: string[];
  controller: Column[];
}

/** The command itself; ends the process with code 2 when it is used wrongly. */
export function labCommand(): Command {
  return measurementCommand('pacing-lab', 'Runs dialers against a simulated campaign: how busy they keep agents, and how many callers they lose', 'first seed')
    .option('--seeds <n>', 'runs per cell, with seeds one after another', whole(1, 1000), 20)
    .option('--hours <n>', 'hours measured, after half an hour of warm-up', hours, 8)
    .option('--threads <n>', 'runs at the same time', whole(1, 64), 1)
    .addOption(new Option('--scenario <name...>', 'only these, e.g. "20 agents, 30 %"').choices(SCENARIOS.map(({ name }) => name)).default([]))
    .addOption(new Option('--controller <name...>', 'only these columns; peers tunes power, legacy, Issabel and VICIdial').choices([...COLUMNS]).default([]))
    // Else --json and --seed behind a subcommand would be taken for the measurement's own.
    .enablePositionalOptions();
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
