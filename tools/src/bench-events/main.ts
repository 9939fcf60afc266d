import { join } from 'node:path';
import { deliver } from '../bench/measurement.ts';
import { measurementCommand, type MeasurementOptions } from '../bench/options.ts';
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

const say = reportToStderr;
/** With less of the machine free before anything plays, the figures would be somebody else's. */
const LEAST_IDLE = 0.85;
const IDLE_LOOK_MS = 2_000;
const IDLE_LOOKS = 10;

const DESCRIPTION = 'Recorded calls, played at rising rates into the monitor with RabbitMQ behind it, beside a bare loop that does the least';

async function main(): Promise<void> {
  const options = measurementCommand('bench:events', DESCRIPTION, 'decides which calls are played in what order').parse().opts<MeasurementOptions>();
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
