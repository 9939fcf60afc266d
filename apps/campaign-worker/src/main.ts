import { start } from '@discador/runtime/start';
import { workerSettings } from './settings.ts';

await start({
  app: 'campaign-worker',
  settings: workerSettings,
  configDir: new URL('../config/', import.meta.url),
  load: () => import('./app.module.ts'),
});
