import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { readConfig } from './config.ts';
import { homeAt } from './home.ts';
import { logNames, printLogs, selectLogs } from './logs.ts';
import { runAsMain } from './run-as-main.ts';
import { type StackStatus, type UpOptions, down, reset, status, up } from './stack.ts';
import { EXIT } from './stack-error.ts';
import { statusTable } from './status-table.ts';

type Json = { json?: boolean };

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number.');
  return Number(text);
}

function print(value: StackStatus, { json }: Json): void {
  process.stdout.write(`${json ? JSON.stringify(value) : statusTable(value)}\n`);
}

async function printResult(work: () => Promise<void>, { json }: Json): Promise<void> {
  await work();
  if (json) process.stdout.write(`${JSON.stringify(await status())}\n`);
}

function program(): Command {
  const stack = new Command('stack').description('The local stack: PostgreSQL, Redis, RabbitMQ, Asterisk and the services').exitOverride();
  stack
    .command('up')
    .description('starts what is missing, stops what is too much, waits until all is ready')
    .option('--masters <n>', 'DiscadorMaster replicas (1)', count)
    .option('--workers <n>', 'CampaignWorker replicas (2)', count)
    .option('--monitors <n>', 'ARI monitors per PBX (1)', count)
    .option('--pbx <n>', 'PBXs (1)', count)
    .option('--agents <n>', 'simulated agents per PBX (10)', count)
    .option('--servers-only', 'servers and PBX, no services')
    .option('--json', 'print the status as JSON')
    .action(async ({ json, ...options }: UpOptions & Json) => print(await up(options), { json: json ?? false }));
  stack.command('down').description('stops everything; data stays').option('--json').action((options: Json) => printResult(() => down(), options));
  stack.command('reset').description('stops everything and deletes the data').option('--json').action((options: Json) => printResult(() => reset(), options));
  stack.command('status').description('what runs, and how it is').option('--json').action(async (options: Json) => print(await status(), options));
  stack
    .command('logs [name]')
    .description('prints the log of a server, PBX or service')
    .option('-f, --follow', 'go on as it grows')
    .option('--json', 'the list of logs and their folder')
    .action(async (name: string | undefined, options: Json & { follow?: boolean }) => {
      const home = homeAt(readConfig().homeDir);
      const names = selectLogs(logNames(home), name);
      if (options.json) process.stdout.write(`${JSON.stringify({ logDir: home.logDir, names })}\n`);
      else await printLogs(home, names, options.follow ?? false);
    });
  return stack;
}

runAsMain(import.meta.url, async () => {
  try {
    await program().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
});
