import { start } from '@discador/runtime/start';
import { monitoringSettings } from './settings.ts';

await start({
  app: 'monitoring-worker',
  settings: monitoringSettings,
  configDir: new URL('../config/', import.meta.url),
  load: () => import('./app.module.ts'),
});
