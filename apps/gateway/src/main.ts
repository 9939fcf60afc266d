import { start } from '@discador/runtime/start';
import { settings } from './settings.ts';

await start({ app: 'gateway', settings, configDir: new URL('../config/', import.meta.url), load: () => import('./app.module.ts') });
