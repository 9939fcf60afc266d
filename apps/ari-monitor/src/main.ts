import { start } from '@discador/runtime/start';
import { monitorSettings } from './settings.ts';

await start({
  app: 'ari-monitor',
  settings: monitorSettings,
  configDir: new URL('../config/', import.meta.url),
  load: () => import('./app.module.ts'),
});
