// In jest's place: writes a report, before or after what its last argument says.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const outputFile = process.argv.find((argument) => argument.startsWith('--outputFile='))?.slice('--outputFile='.length) ?? '';
const report = () => writeFileSync(outputFile, JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, numRuntimeErrorTestSuites: 0 }));

/** Longer than a test waits, and yet nothing is left for ever when the test is red. */
const LONG_MS = 60_000;

const behaviours = {
  ends: report,
  'never ends': () => (report(), setTimeout(() => undefined, LONG_MS)),
  'leaves a child': () => {
    const child = spawn(process.execPath, ['-e', `setTimeout(() => undefined, ${LONG_MS})`]);
    writeFileSync(process.env.CHILD_FILE, String(child.pid));
    report();
  },
  'takes its time': async () => (await delay(1000), report()),
  'gives no report': () => undefined,
};
await behaviours[process.argv.at(-1)]();
