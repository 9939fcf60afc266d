import { Command, InvalidArgumentError } from 'commander';

export interface StartOptions {
  exit: boolean;
  json: boolean;
  csv?: string;
  contacts?: number;
  rate: number;
  masters: number;
  workers: number;
  pbx: number;
  /** in containers, by docker/compose.yaml */
  docker: boolean;
}

const whole = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`);
  return value;
};

/** Reads `npm start -- …` (contract 1). Wrong usage ends the process with exit code 2. */
export function readOptions(argv: string[]): StartOptions {
  const program = new Command('npm start --')
    .description('Brings everything up and dials a demo campaign over a real Asterisk, watched live; stays up until Ctrl-C')
    .option('--exit', 'ends when the campaign has; exit code 0 only when ledger and PBX agree', false)
    .option('--json', 'one JSON object as the last line on stdout', false)
    .option('--csv <file>', 'dial these contacts instead of the demo’s')
    .option('--contacts <n>', 'only the first n rows of the file; without --csv, n contacts of the demo', whole(1, 1_000_000))
    .option('--rate <calls per second>', 'limit of the trunk', whole(1, 1000), 20)
    .option('--masters <n>', 'DiscadorMaster replicas', whole(0, 5), 1)
    .option('--workers <n>', 'CampaignWorker replicas', whole(0, 20), 2)
    .option('--pbx <n>', 'Asterisk instances', whole(1, 10), 1)
    .option('--docker', 'in containers, by docker/compose.yaml, with its own numbers of replicas; needs a Docker engine', false)
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  program.parse(argv, { from: 'user' });
  const fixed = ['csv', 'contacts', 'rate', 'masters', 'workers', 'pbx'].filter((name) => program.getOptionValueSource(name) === 'cli');
  if (program.getOptionValue('docker') && fixed.length > 0) program.error(`error: --docker takes what docker/compose.yaml says: leave out --${fixed.join(', --')}`);
  return program.opts<StartOptions>();
}
