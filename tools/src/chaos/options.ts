import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../stack/stack-error.ts';

export interface ChaosCommand {
  minutes: number;
  seed: number;
  once: boolean;
  json: boolean;
  faultLog?: string;
  out?: string;
}

/** Reads the command line; ends the process with code 2 when it is wrong. */
export function readChaosOptions(argv: string[]): ChaosCommand {
  return new Command('npm run chaos --')
    .description('Kills, freezes and cuts everything under a campaign, then holds the ledger against the PBX and the carrier')
    .option('--minutes <n>', 'for how long faults are injected', minutes, 30)
    .option('--seed <n>', 'decides what is hit, how, and in which order', seed, 1)
    .option('--once', 'each kind of fault once, none alone; calls of 4 s', false)
    .option('--fault-log <file>', 'write each fault as a line of JSON')
    .option('--json', 'print JSON', false)
    .option('--out <file>', 'also write the JSON to a file')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
    .parse(argv, { from: 'user' })
    .opts<ChaosCommand>();
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new InvalidArgumentError('must be a number above 0, at most 600');
  return value;
}

function seed(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1 to 999999999');
  return Number(text);
}
