import { DiscadorError } from '@discador/contracts/discador-error';
import type { z } from 'zod';
import { endSignal } from './end-process.ts';
import type { ServiceModuleFile } from './service.ts';
import { loadSettings } from './settings.ts';
import { startTelemetry } from './telemetry.ts';

export interface ServiceDefinition<S extends z.ZodObject> {
  /** folder name under apps/, also the name in logs, metrics and traces */
  app: string;
  settings: S;
  configDir: URL;
  /** imports the app's module; only after telemetry is on, so that the libraries it loads are instrumented */
  load(): Promise<ServiceModuleFile<z.infer<S>>>;
}

/** Runs one service process: settings, traces, then the Nest application. Ends the process with the contract's exit codes. */
export async function start<S extends z.ZodObject>(definition: ServiceDefinition<S>): Promise<void> {
  const signalled = endSignal();
  let begun = false;
  void signalled.then(() => begun || process.exit(0)); // nothing is held yet
  try {
    const settings = loadSettings(definition.settings, { configDir: definition.configDir, env: process.env });
    const stopTelemetry = await startTelemetry(definition.app, settings['otelExporterOtlpEndpoint'] as string | undefined);
    const { runService } = await import('./service.ts');
    const file = await definition.load();
    begun = true;
    await runService({ ...file, app: definition.app, settings, stopTelemetry }, signalled);
  } catch (error) {
    const configuration = error instanceof DiscadorError && error.code === 'configuration';
    process.stderr.write(`${definition.app}: ${configuration ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(configuration ? 78 : 1);
  }
}
