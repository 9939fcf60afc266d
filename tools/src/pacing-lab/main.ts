import { deliver } from '../bench/measurement.ts';
import { reportToStderr } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { measurePacing } from './measure.ts';
import { addMeasureOptions, labCommand, type MeasureCommand } from './options.ts';
import { printTable } from './print-table.ts';
import { addReplayCommand } from './replay/command.ts';

async function measure(options: MeasureCommand): Promise<void> {
  const made = await measurePacing(options, reportToStderr);
  reportToStderr(printTable(made));
  deliver(made, options);
  process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
}

runAsMain(import.meta.url, async () => {
  const program = labCommand().description('Runs dialers against a simulated campaign: how busy they keep agents, and how many callers they lose');
  addMeasureOptions(program).action(measure);
  addReplayCommand(program);
  await program.parseAsync();
});
