import { loadSettings } from '@discador/runtime/settings';
import { monitorSettings } from './settings.ts';

const read = (env: NodeJS.ProcessEnv) =>
  loadSettings(monitorSettings, {
    configDir: new URL('../config/', import.meta.url),
    env: { ARI_URL: 'http://user:secret@127.0.0.1:8088', AMQP_URL: 'amqp://127.0.0.1', REDIS_URL: 'redis://127.0.0.1', ...env },
  }).legacyEvents;

test.each([
  [{}, []],
  [{ LEGACY_EVENTS: 'off' }, []],
  [{ LEGACY_EVENTS: 'data' }, ['data']],
  [{ LEGACY_EVENTS: 'payload' }, ['payload']],
  [{ LEGACY_EVENTS: 'both' }, ['data', 'payload']],
])('the old format is off unless switched on: %j', (env, shapes) => {
  expect(read(env)).toEqual(shapes);
});

test('another word is refused by the name of the setting', () => {
  expect(() => read({ LEGACY_EVENTS: 'on' })).toThrow(expect.objectContaining({ code: 'configuration', message: expect.stringContaining('LEGACY_EVENTS') }));
});
