import { deliver } from '../bench/measurement.ts';
import { reportToStderr } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { measurePacing } from './measure.ts';
import { labCommand, type MeasureCommand } from './options.ts';
import { printTable } from './print-table.ts';
import { addReplayCommand } from './replay/command.ts';

async function measure(options: MeasureCommand): Promise<void> {
  const made = await measurePacing(options, reportToStderr);
  reportToStderr(printTable(made));
  deliver(made, options);
  process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
}

runAsMain(import.meta.url, async () => {
  const program = labCommand().action(measure);
  addReplayCommand(program);
  await program.parseAsync();
});
