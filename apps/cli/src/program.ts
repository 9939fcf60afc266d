import { EVENT_TYPES } from '@discador/contracts/events/catalogue';
import { pbxName } from '@discador/contracts/events/envelope';
import { LEGACY_SHAPES, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import type { CommandIo } from './command-io.ts';
import type { CompareOptions } from './compare/compare-events.ts';
import type { ReplayOptions } from './replay/replay-events.ts';
import type { TailOptions } from './tail/tail-events.ts';

const EXIT_CODES = '\nExit codes: 0 fine, 1 a check failed, 2 usage, 69 something it depends on is away, 78 configuration.';
const RECORDING = `
Reads from stdin what ARI's WebSocket sent, one message per line. Blank lines are left out; a line
that is no ARI message is passed by and named on stderr.`;

/** The command line. @param done  is given the exit code of the command that ran */
export function createProgram(io: CommandIo, done: (code: number) => void): Command {
  const program = new Command('discador')
    .description('Command line of Discador')
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  const events = program.command('events').description('the call events that other services live on: live, replayed, in the old format');
  replayCommand(events, io, done);
  tailCommand(events, io, done);
  compareCommand(events, io, done);
  return program;
}

function replayCommand(events: Command, io: CommandIo, done: (code: number) => void): void {
  events
    .command('replay')
    .description('prints the events that follow from recorded ARI messages')
    .requiredOption('--pbx <name>', 'name of the PBX that was recorded: the events’ ids depend on it', pbx)
    .addOption(new Option('--legacy <shape>', 'the old format in this shape instead of the events').choices([...LEGACY_SHAPES, 'both']))
    .option('--strict', 'end with code 1 when a line was no ARI message')
    .addHelpText('after', `${RECORDING}

Prints CloudEvents as lines of JSON, with the ids that the monitor gave them. The time is the
recording's own: the same recording gives the same events. How many there were is told on stderr.

  discador events replay --pbx pbx1 < recorded.jsonl > events.ndjson`)
    .action(async ({ legacy, ...options }: Omit<ReplayOptions, 'legacy'> & { legacy?: LegacyShape | 'both' }) => {
      needsStdin(events, io);
      const { replayEvents } = await import('./replay/replay-events.ts');
      done(await replayEvents({ ...options, legacy: LEGACY_SHAPES.filter((shape) => legacy === shape || legacy === 'both') }, io));
    });
}

function compareCommand(events: Command, io: CommandIo, done: (code: number) => void): void {
  events
    .command('compare')
    .description('checks that the old format says what the events say, and what golden files hold')
    .requiredOption('--pbx <name>', 'name of the PBX that was recorded', pbx)
    .addOption(new Option('--golden <file>', 'messages of the old format as they should be, a line of JSON each').conflicts('goldenDir'))
    .option('--golden-dir <folder>', 'all *.jsonl and *.ndjson files of this folder together')
    .option('--json', 'the result as one JSON object')
    .addHelpText('after', `${RECORDING}

Each event goes through the current and the legacy formatter, and every field of the old format is
held against the event. Golden files are compared field by field, in the shapes that they hold;
\`discador events replay --legacy both\` prints such a file. Ends with code 1 when something differs.

  discador events compare --pbx pbx1 --golden old-messages.jsonl < recorded.jsonl`)
    .action(async (options: CompareOptions) => {
      needsStdin(events, io);
      const { compareEvents } = await import('./compare/compare-events.ts');
      done(await compareEvents(options, io));
    });
}

function tailCommand(events: Command, io: CommandIo, done: (code: number) => void): void {
  events
    .command('tail')
    .description('shows the events as they come')
    .option('--campaign <id>', 'only those of this campaign', uuid)
    .option('--type <type...>', 'only these: a type such as call.ended, or a family such as call', eventType)
    .option('--numbers', 'show phone numbers and pressed keys; they are masked otherwise')
    .option('--json', 'the events themselves, a line of JSON each, nothing masked')
    .option('--wait', 'wait for the broker when it is away at the start, too')
    .addHelpText('after', `
Listens on the exchange discador.events of the broker in AMQP_URL (or the file named by
AMQP_URL_FILE), with a queue that goes when the command ends: nobody else misses a message. When the
connection goes it is made again; what was sent meanwhile is not shown.

  discador events tail --type call.ended --type pbx
  discador events tail --campaign 0198f3a0-0000-7000-8000-0000000000c1 --json | jq .data`)
    .action(async (options: TailOptions) => {
      const { tailEvents } = await import('./tail/tail-events.ts');
      done(await tailEvents(options, io));
    });
}

/** Someone who types the command alone waits for ever otherwise. */
function needsStdin(command: Command, io: CommandIo): void {
  if (io.stdin.isTTY) command.error('error: give it the recording on stdin: … < stream.jsonl');
}

function pbx(text: string): string {
  if (!pbxName.safeParse(text).success) throw new InvalidArgumentError('Must have 1 to 40 characters.');
  return text;
}

function uuid(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError('Must be the id of a campaign, a UUID.');
  return text.toLowerCase();
}

function eventType(text: string, before: string[] = []): string[] {
  const known = EVENT_TYPES.some((type) => type === text || type.startsWith(`${text}.`));
  if (!known) throw new InvalidArgumentError(`There are: ${EVENT_TYPES.join(', ')}; and each word before the dot.`);
  return [...before, text];
}
