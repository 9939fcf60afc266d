import { DiscadorError } from '@discador/contracts/discador-error';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import { pino } from 'pino';
import { Database } from './database.ts';
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts';

const log = pino({ level: 'silent' });
let own: TestDatabase;
let proxy: TcpProxy;
let database: Database;
let states: string[];

beforeAll(async () => {
  own = await createTestDatabase();
  await own.pool.query('CREATE TABLE things (id int PRIMARY KEY, value int NOT NULL)');
});
afterAll(() => own.drop());
beforeEach(async () => {
  await own.pool.query('TRUNCATE things; INSERT INTO things VALUES (1, 0), (2, 0)');
  states = [];
  proxy = new TcpProxy(own.url);
  const state = { up: () => void states.push('up'), down: (reason: string) => void states.push(reason) };
  database = new Database({ url: await proxy.open(own.url), name: 'database test', log, state, maxConnections: 3 });
});
afterEach(async () => {
  await proxy.close();
  await database.close();
});

const value = async (id: number): Promise<number> => (await own.pool.query<{ value: number }>('SELECT value FROM things WHERE id = $1', [id])).rows[0]?.value ?? NaN;
const set = (id: number, to: number) => ({ text: 'UPDATE things SET value = $2 WHERE id = $1', values: [id, to] });

test('ready while the server answers, not ready while it refuses, ready again', async () => {
  database.start();
  await until(() => database.up);
  await proxy.close();
  await until(() => !database.up);
  expect(states.at(-1)).toMatch(/ECONNREFUSED|terminated/);
  await expect(database.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'database_down', retry: 'later' });
  await proxy.open(own.url);
  await until(() => database.up);
  expect(states.at(-1)).toBe('up');
});

test('a server that falls silent is away before its statements time out', async () => {
  expect(await database.ping()).toBe(true);
  proxy.freeze();
  const began = performance.now();
  expect(await database.ping()).toBe(false);
  expect(performance.now() - began).toBeLessThan(3500);
});

test('half-open connections, idle and busy, are found within three seconds; new ones serve', async () => {
  database.start();
  await until(() => database.up);
  await Promise.all([1, 2, 3].map(() => database.query({ text: 'SELECT pg_sleep(0.05)' }))); // the pool is full
  proxy.freeze(); // nobody closes, nobody answers; new connections pass
  const frozenAt = performance.now();
  const waiting = [1, 2, 3, 4].map(() => database.query({ text: 'SELECT 1' }));
  const results = await Promise.allSettled(waiting);
  expect(results.slice(0, 3).map((result) => result.status === 'rejected' && result.reason.code)).toEqual(Array(3).fill('database_down'));
  expect(results[3]?.status).toBe('fulfilled'); // it waited for its turn, and had a new connection
  expect(performance.now() - frozenAt).toBeLessThan(3000);
  await until(() => database.up);
});

test('a connection that works on a long statement is left alone', async () => {
  database.start();
  await database.query({ text: 'SELECT pg_sleep(3)' });
  expect(database.up).toBe(true);
});

test('one half-open connection among sound ones holds a statement no longer than asked for', async () => {
  const short = new Database({ url: own.url, name: 'short answers', log, maxConnections: 3, answerWithinMs: 300 });
  await expect(short.transaction((on) => on.query({ text: 'SELECT pg_sleep(5)' }))).rejects.toMatchObject({ code: 'database_down', retry: 'later' });
  await short.query({ text: 'SELECT 1' });
  await short.close();
});

test('a server without the schema is not ready', async () => {
  const url = new URL(own.url);
  url.pathname = '/postgres';
  const bare = new Database({ url: url.toString(), name: 'bare', log });
  expect(await bare.ping()).toBe(false);
  await bare.close();
});

test('a connection ended in mid-transaction gives database_down, nothing stored, and the next transaction works', async () => {
  const cut = database.transaction(async (on) => {
    await on.query(set(1, 7));
    const { rows } = await on.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
    await own.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await on.query(set(2, 7));
  });
  await expect(cut).rejects.toMatchObject({ code: 'database_down', retry: 'later' });
  expect([await value(1), database.up]).toEqual([0, false]);
  await database.transaction((on) => on.query(set(1, 8)));
  expect(await value(1)).toBe(8);
});

test('ended while the transaction thinks, between two statements, and while idle in the pool: no crash', async () => {
  const kill = () => own.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'database test'`);
  const cut = database.transaction(async (on) => {
    await on.query(set(1, 7));
    await kill();
    await new Promise((resolve) => setTimeout(resolve, 50)); // the socket's end arrives while no statement is under way
    await on.query(set(2, 7));
  });
  await expect(cut).rejects.toMatchObject({ code: 'database_down' });
  await database.query({ text: 'SELECT 1' });
  await kill();
  await until(() => database.pool.idleCount === 0);
  await database.query(set(2, 9));
  expect([await value(1), await value(2)]).toEqual([0, 9]);
});

test('a deadlock is repeated at once: both transactions end well', async () => {
  let tries = 0;
  const both = new Set<number>();
  const cross = (first: number, second: number) =>
    database.transaction(async (on) => {
      tries += 1;
      await on.query(set(first, first));
      both.add(first);
      await until(() => both.size === 2);
      await on.query(set(second, first));
    });
  await Promise.all([cross(1, 2), cross(2, 1)]);
  expect(tries).toBe(3);
  expect(await value(1)).toBe(await value(2));
});

test('what asks to be repeated for ever is repeated twice', async () => {
  let tries = 0;
  const always = database.transaction(async (on) => {
    tries += 1;
    await on.query({ text: `DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$` });
  });
  await expect(always).rejects.toMatchObject({ code: '40001' });
  expect(tries).toBe(3);
});

test('an error of our own, or of the statement, is rolled back and passed on as it is; the server is not taken for away', async () => {
  await database.ping();
  const fails = (error: Error) =>
    database.transaction(async (on) => {
      await on.query(set(1, 5));
      throw error;
    });
  await expect(fails(new Error('a fault of ours'))).rejects.toThrow('a fault of ours');
  await expect(fails(new DiscadorError('conflict', 'taken'))).rejects.toMatchObject({ code: 'conflict' });
  await expect(database.query({ text: 'INSERT INTO things VALUES (1, 1)' })).rejects.toMatchObject({ code: '23505' });
  expect([await value(1), database.up, states]).toEqual([0, true, ['up']]);
});
