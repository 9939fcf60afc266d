import { join } from 'node:path';
import { atLeast, atMost, type Check, deliver, measurement } from '../bench/measurement.ts';
import { measurementCommand, type MeasurementOptions, wholeNumber } from '../bench/options.ts';
import { build } from '../build/main.ts';
import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr, step } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { down, reset, up } from '../stack/stack.ts';
import { measureOutage, type OutageResult } from './measure-outage.ts';
import type { OutageMeasurement } from './report.ts';

const say = reportToStderr;
const DEFAULT_SEC = 60;
const DESCRIPTION = 'RabbitMQ stopped while recorded calls are played to two monitors at 500 events a second, the publishing one killed in between';

async function main(): Promise<void> {
  const command = measurementCommand('bench:outage', DESCRIPTION, 'decides which calls are played in what order');
  command.option('--seconds <n>', 'how long RabbitMQ is away', wholeNumber, DEFAULT_SEC);
  const options = command.parse().opts<MeasurementOptions & { seconds: number }>();
  const config = readConfig({ ...process.env, DISCADOR_HOME: join(REPO_ROOT, '.discador', 'bench-outage') });
  const end = (): Promise<void> => down(() => undefined, config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().finally(() => process.exit(EXIT.failed)));
  try {
    await reset(() => undefined, config);
    await step(say, 'building', build);
    const stack = await up({ serversOnly: true, pbx: 0 }, say, config);
    const result = await measureOutage(stack, options.seed, options.seconds, say);
    const made = measurement('bench:outage', options.seed, { baseline: {}, result, ratio: {}, checks: checksOf(result) }) as OutageMeasurement;
    deliver(made, options);
    process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await end();
  }
}

function checksOf({ verdict, awaySec, secondsAsked, peakMiB, killed, pbxBackSec }: OutageResult): Check[] {
  return [
    atLeast('seconds without RabbitMQ', awaySec, secondsAsked),
    atMost('events lost', verdict.lost, 0),
    atMost('events out of order in their call', verdict.disordered, 0),
    atMost('events of no call', verdict.unknown, 0),
    atMost('calls without exactly one call.ended', verdict.notEndedOnce, 0),
    atMost('peak memory of a monitor, in MiB', peakMiB, 200),
    atMost('seconds from the kill until the other monitor has the lease', killed.takeoverSec, 3),
    atMost('seconds until a PBX that answers again is heard by both', Math.max(...pbxBackSec), 1),
  ];
}

runAsMain(import.meta.url, main);
