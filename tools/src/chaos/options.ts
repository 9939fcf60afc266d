import { InvalidArgumentError } from 'commander';
import { measurementCommand, type MeasurementOptions } from '../bench/options.ts';

export interface ChaosCommand extends MeasurementOptions {
  minutes: number;
  once: boolean;
  faultLog?: string;
}

/** Reads the command line; ends the process with code 2 when it is wrong. */
export function readChaosOptions(argv: string[]): ChaosCommand {
  return measurementCommand('chaos', 'Kills, freezes and cuts everything under a campaign, then holds the ledger against the PBX and the carrier', 'decides what is hit, how, and in which order')
    .option('--minutes <n>', 'for how long faults are injected', minutes, 30)
    .option('--once', 'each kind of fault once, none alone; calls of 4 s', false)
    .option('--fault-log <file>', 'write each fault as a line of JSON')
    .parse(argv, { from: 'user' })
    .opts<ChaosCommand>();
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new InvalidArgumentError('must be a number above 0, at most 600');
  return value;
}
