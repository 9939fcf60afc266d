import { start } from '@discador/runtime/start';
import { shipperSettings } from './settings.ts';

await start({
  app: 'record-shipper',
  settings: shipperSettings,
  configDir: new URL('../config/', import.meta.url),
  load: () => import('./app.module.ts'),
});
