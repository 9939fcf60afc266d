import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { deliver } from '../bench/measurement.ts';
import { build } from '../build/main.ts';
import { readConfig, type StackConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr, step } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { down, reset, up } from '../stack/stack.ts';
import { idleShare } from './machine-load.ts';
import { judge } from './judge.ts';
import { measureEvents } from './measure-events.ts';

interface Options {
  seed: number;
  json: boolean;
  out?: string;
}

const say = reportToStderr;
/** With less of the machine free before anything plays, the figures would be somebody else's. */
const LEAST_IDLE = 0.85;
const IDLE_LOOK_MS = 2_000;
const IDLE_LOOKS = 10;

function readOptions(): Options {
  const whole = (text: string): number => {
    if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1 to 99999');
    return Number(text);
  };
  return new Command('npm run bench:events --')
    .description('Recorded calls, played at rising rates into the monitor with RabbitMQ behind it, beside a bare loop that does the least')
    .option('--seed <n>', 'decides which calls are played in what order', whole, 1)
    .option('--json', 'print JSON', false)
    .option('--out <file>', 'also write the JSON to a file')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  const options = readOptions();
  const homeDir = process.env['DISCADOR_BENCH_HOME'] ?? join(REPO_ROOT, '.discador', 'bench-events');
  const config = readConfig({ ...process.env, DISCADOR_HOME: homeDir });
  const stopOn = (signal: NodeJS.Signals): void => void process.once(signal, () => void end(config).finally(() => process.exit(EXIT.failed)));
  stopOn('SIGINT');
  stopOn('SIGTERM');
  try {
    await reset(() => undefined, config);
    await step(say, 'building', build);
    const stack = await up({ serversOnly: true, pbx: 0 }, say, config);
    if (!(await isIdle())) {
      process.exitCode = EXIT.skipped;
      return;
    }
    const measured = await measureEvents(stack, options.seed, say);
    const { made, invalid } = judge(measured, options.seed);
    deliver(made, options);
    for (const reason of invalid) say(`not valid: ${reason}`);
    process.exitCode = invalid.length > 0 ? EXIT.skipped : made.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await end(config);
  }
}

const end = (config: StackConfig): Promise<void> => down(() => undefined, config);

async function isIdle(): Promise<boolean> {
  for (let look = 0; look < IDLE_LOOKS; look += 1) if ((await idleShare(IDLE_LOOK_MS)) >= LEAST_IDLE) return true;
  say(`less than ${LEAST_IDLE * 100} % of this machine is free: it cannot measure now`);
  return false;
}

runAsMain(import.meta.url, main);
