/** A service of its own process for tests: does nothing, and ends as its settings say. Runs from the built library, as services do. */
import { start } from '@discador/runtime/start';
import { serviceSettings } from '@discador/runtime/settings';
import type { DynamicModule } from '@nestjs/common';
import { z } from 'zod';

const settings = serviceSettings.extend({ ending: z.enum(['soon', 'never', 'fails']).default('soon') });

class FixtureModule {}

function createModule(config: { ending: string }): DynamicModule {
  class Lifecycle {
    async onApplicationShutdown(): Promise<void> {
      if (config.ending === 'fails') throw new Error('cannot end');
      if (config.ending === 'never') await new Promise(() => undefined);
    }
  }
  return { module: FixtureModule, providers: [{ provide: Lifecycle, useValue: new Lifecycle() }] };
}

await start({
  app: 'fixture',
  settings,
  configDir: new URL(`file://${process.env['CONFIG_DIR'] ?? '/nowhere'}/`),
  load: async () => ({ createModule: ({ config }) => createModule(config) }),
});
