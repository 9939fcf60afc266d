import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PacingMeasurement } from './measure.ts';

/** What the command prints, whether or not all limits were met; a process of its own runs three times as fast as one inside Jest. */
async function measured(...args: string[]): Promise<PacingMeasurement> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const { stdout } = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', main, '--json', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(await text(stdout)) as PacingMeasurement;
}

test('where things change, peers keep what was best for as many agents when 30 % answered', async () => {
  const { result } = await measured('--scenario', '20 agents, 30 %', '20 agents, jumps', '--controller', 'peers', '--seeds', '1', '--hours', '0.25');
  const [tuned, kept] = result.rows.map((row) => row.tuned.map(({ peer, best }) => [peer, best.dialer]));
  expect(tuned?.map(([peer]) => peer)).toEqual(['power', 'legacy', 'issabel', 'vicidial']);
  expect(kept).toEqual(tuned);
}, 60_000);
