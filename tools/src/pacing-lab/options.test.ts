import { writable } from '../bench/options.ts';
import { labCommand, type MeasureCommand } from './options.ts';
import { addReplayCommand, type ReplayCommand } from './replay/command.ts';

async function parsed(argv: string[]): Promise<{ measure?: MeasureCommand; replay?: ReplayCommand & { file: string } }> {
  const seen: Awaited<ReturnType<typeof parsed>> = {};
  const program = labCommand().action((options: MeasureCommand) => void (seen.measure = options));
  addReplayCommand(program, async (file, options) => void (seen.replay = { file, ...options }));
  await program.parseAsync(argv, { from: 'user' });
  return seen;
}

test('a measurement: the whole table by default, or a part of it', async () => {
  expect(await parsed([])).toEqual({ measure: { seeds: 20, seed: 1, hours: 8, threads: 1, scenario: [], controller: [], json: false } });
  const { measure } = await parsed(['--json', '--seeds', '3', '--seed', '7', '--hours', '0.5', '--scenario', '5 agents, 10 %', '20 agents, jumps', '--controller', 'predictive', '--out', 'x.json']);
  expect(measure).toEqual({ seeds: 3, seed: 7, hours: 0.5, threads: 1, scenario: ['5 agents, 10 %', '20 agents, jumps'], controller: ['predictive'], json: true, out: 'x.json' });
});

test('where the JSON cannot be written is said before anything is measured', () => {
  expect(writable('x.json')).toBe('x.json');
  expect(() => writable('nowhere/x.json')).toThrow('the folder nowhere is not there or cannot be written to');
  expect(() => writable('tools')).toThrow('is a folder');
});

test('options behind replay are the replay’s', async () => {
  expect(await parsed(['replay', 'day.ndjson', '--mode', 'predictive', '--json', '--seed', '5', '--channels', '40'])).toEqual({
    replay: { file: 'day.ndjson', mode: ['predictive'], json: true, seed: 5, channels: 40 },
  });
});
