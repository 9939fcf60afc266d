import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@discador/postgres/database';
import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { ImportRunner } from './import-runner.ts';
import { ImportService } from './import-service.ts';
import { UploadSpool } from './upload-spool.ts';

type ImportSettings = { readonly importFolder?: string | undefined; readonly importMaxBytes: number; readonly httpPort: number };

/** What the imports controller stands on. The folder of uploads belongs to one replica: its port names it when no setting does. */
export function createImports(database: Database, config: ImportSettings, log: Logger): { runner: ImportRunner; providers: Provider[] } {
  const folder = config.importFolder ?? join(tmpdir(), `discador-imports-${config.httpPort}`);
  const spool = new UploadSpool(folder, config.importMaxBytes);
  const runner = new ImportRunner(database, spool, log);
  const providers = [
    { provide: ImportRunner, useValue: runner },
    { provide: ImportService, useValue: new ImportService(database, spool, runner) },
  ];
  return { runner, providers };
}
