import pino from 'pino';
import { Database } from '../../database.ts';
import { findImportJob } from '../import-job.ts';
import { runImport } from '../run-import.ts';
import { sampleFile } from './sample-file.ts';

// A process that loads the sample file and hangs in the middle of it, to be killed: import-until-killed.ts URL JOB LINE
const LONGEST_MS = 30_000; // in case nobody does
const [url = '', jobId = '', hangAt = ''] = process.argv.slice(2);
const database = new Database({ url, name: 'import-until-killed', log: pino({ level: 'silent' }) });
const job = await findImportJob(database, jobId);
await runImport(
  database,
  job,
  sampleFile((line) => {
    if (line < Number(hangAt)) return undefined;
    process.stdout.write('hanging\n');
    return new Promise<void>(() => setTimeout(() => process.exit(1), LONGEST_MS));
  }),
  500,
);
