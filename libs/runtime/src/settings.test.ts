import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DiscadorError } from '@discador/contracts/discador-error';
import { listOf, loadSettings, postgresUrl, redisUrl, serviceSettings } from './settings.ts';

const schema = serviceSettings.extend({ databaseUrl: postgresUrl, redisLocks: listOf(redisUrl).optional() });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (env: NodeJS.ProcessEnv) => loadSettings(schema, { configDir: pathToFileURL(`${folder}/`), env });
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('each layer overrides the one before', () => {
  file('default.yaml', 'httpPort: 1\nreplica: a\nlogLevel: warn\ndatabaseUrl: postgres://x/y');
  file('production.yaml', 'httpPort: 2\nreplica: b');
  const secret = file('secret', 'postgres://secret/z\n');
  const settings = load({ DISCADOR_ENV: 'production', HTTP_PORT: '3', DATABASE_URL: 'postgres://v/w', DATABASE_URL_FILE: secret });
  expect(settings).toMatchObject({ httpPort: 3, replica: 'b', logLevel: 'warn', databaseUrl: 'postgres://secret/z' });
});

test('a wrong value is named by setting and variable, and never shown', () => {
  const attempt = () => load({ HTTP_PORT: 'hunter2', DATABASE_URL: 'mysql://user:hunter2@h/db' });
  expect(attempt).toThrow(DiscadorError);
  expect(attempt).toThrow(/httpPort \(HTTP_PORT\).*databaseUrl \(DATABASE_URL\)/s);
  expect(attempt).not.toThrow(/hunter2/);
});

test('a missing setting, an unknown one, an unreadable secret and broken YAML are refused', () => {
  expect(() => load({ HTTP_PORT: '1' })).toThrow(/databaseUrl/);
  file('default.yaml', 'htpPort: 1');
  expect(() => load({ HTTP_PORT: '1', DATABASE_URL: 'postgres://x/y' })).toThrow(/unknown setting htpPort/);
  file('default.yaml', 'a: [');
  expect(() => load({})).toThrow(/not valid YAML/);
  rmSync(join(folder, 'default.yaml'));
  expect(() => load({ HTTP_PORT: '1', DATABASE_URL_FILE: '/nowhere' })).toThrow(/DATABASE_URL_FILE/);
});

test('lists come from commas, and settings are frozen', () => {
  const settings = load({ HTTP_PORT: '1', DATABASE_URL: 'postgres://x/y', REDIS_LOCKS: 'redis://a, redis://b' });
  expect(settings.redisLocks).toEqual(['redis://a', 'redis://b']);
  expect(Object.isFrozen(settings)).toBe(true);
});
