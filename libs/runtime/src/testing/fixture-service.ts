/** A service of its own process for tests: does nothing, and opens and ends as its settings say. Runs from the built library, as services do. */
import { setTimeout as delay } from 'node:timers/promises';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { ServiceContext } from '@discador/runtime/service-context';
import { start } from '@discador/runtime/start';
import { serviceSettings } from '@discador/runtime/settings';
import type { DynamicModule } from '@nestjs/common';
import { z } from 'zod';

const settings = serviceSettings.extend({
  opening: z.enum(['soon', 'late', 'never']).default('soon'),
  ending: z.enum(['soon', 'never', 'fails', 'late']).default('soon'),
});

class FixtureModule {}

/** Longer than the resolution of the time in the log. */
const STEP_MS = 5;

function createModule({ config: { ending }, log }: ServiceContext<z.infer<typeof settings>>): DynamicModule {
  const lifecycle = appLifecycle({
    log,
    start: () => log.info('begins to work'),
    finish: [
      {
        name: 'first',
        withinMs: ending === 'late' ? 100 : 10_000,
        run: async () => {
          if (ending === 'fails') throw new Error('cannot end');
          if (ending !== 'soon') await new Promise(() => undefined);
        },
      },
      { name: 'second', run: () => delay(STEP_MS).then(() => log.info('second step done')) },
    ],
    close: [() => Promise.reject(new Error('was closed already')), () => delay(STEP_MS).then(() => log.info('connections closed'))],
  });
  return { module: FixtureModule, providers: [lifecycle] };
}

await start({
  app: 'fixture',
  settings,
  configDir: new URL(`file://${process.env['CONFIG_DIR'] ?? '/nowhere'}/`),
  load: async () => {
    process.stdout.write('loading\n');
    if (process.env['OPENING'] === 'never') await delay(60_000);
    return { createModule, configureHttp: (_nest, { config }) => delay(config.opening === 'late' ? 500 : 0) };
  },
});
