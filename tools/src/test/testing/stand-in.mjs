// In jest's place: writes a report, before or after what its last argument says.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const outputFile = process.argv.find((argument) => argument.startsWith('--outputFile='))?.slice('--outputFile='.length) ?? '';
const report = () => writeFileSync(outputFile, JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, numRuntimeErrorTestSuites: 0 }));

const behaviours = {
  ends: report,
  'never ends': () => (report(), setInterval(() => undefined, 1000)),
  'leaves a child': () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    writeFileSync(process.env.CHILD_FILE, String(child.pid));
    report();
  },
  'takes its time': async () => (await delay(1000), report()),
  'gives no report': () => undefined,
};
await behaviours[process.argv.at(-1)]();
