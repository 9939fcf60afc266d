import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliver } from '../bench/measurement.ts';
import { readConfig, type StackConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { down, reset } from '../stack/stack.ts';
import { faultLog, measureChaos } from './measure-chaos.ts';
import { readChaosOptions } from './options.ts';
import { planFaults, planOnce } from './plan-faults.ts';
import { runChaos } from './run-chaos.ts';

/** A stack of its own: what is killed is nobody else's. */
const chaosConfig = (): StackConfig => readConfig({ ...process.env, DISCADOR_HOME: process.env['DISCADOR_CHAOS_HOME'] ?? join(REPO_ROOT, '.discador', 'chaos') });

async function main(): Promise<void> {
  const options = readChaosOptions(process.argv.slice(2));
  const { seed, minutes, once } = options;
  const config = chaosConfig();
  const say = (text: string): void => reportToStderr(`${new Date().toISOString().slice(11, 19)} ${text}`);
  await reset(() => undefined, config);
  try {
    const run = await runChaos({ seed, minutes, short: once, faults: once ? planOnce(seed) : planFaults(seed) }, say, config);
    const lines = faultLog(run);
    if (options.faultLog) writeFileSync(options.faultLog, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const made = await measureChaos(run, lines, seed, once);
    deliver(made, options);
    process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await down(() => undefined, config);
  }
}

runAsMain(import.meta.url, main);
