import { start } from '@discador/runtime/start';
import { masterSettings } from './settings.ts';

await start({
  app: 'discador-master',
  settings: masterSettings,
  configDir: new URL('../config/', import.meta.url),
  load: () => import('./app.module.ts'),
});
