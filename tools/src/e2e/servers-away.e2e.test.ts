import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOST } from '../stack/addresses.ts';
import { freePort } from '../stack/ports.ts';
import { startService, type ServiceChild } from './service-child.ts';
import { eventually, openSystem, type System } from './system.ts';

/** What each service waits for while every server is away. */
const WAITS_FOR: Record<string, string[]> = {
  gateway: ['postgres', 'redis', 'rabbitmq'],
  'discador-master': ['postgres', 'redis', 'rabbitmq'],
  'campaign-worker': ['postgres', 'redis', 'rabbitmq', 'AMI of pbx1'],
  'ari-monitor': ['redis', 'rabbitmq', 'pbx pbx1'],
  'monitoring-worker': ['postgres', 'redis', 'AMI of pbx1'],
  'record-shipper': ['postgres'],
};

/** A door before a server: closed until opened. */
class Door {
  readonly #target: URL;
  readonly #port: number;
  #server: Server | undefined;

  constructor(target: string, port: number) {
    this.#target = new URL(target);
    this.#port = port;
  }

  /** The server's address, with the door's port. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return url.href;
  }

  open(): Promise<void> {
    const server = createServer((near) => {
      const far = connect({ host: this.#target.hostname, port: Number(this.#target.port) });
      for (const [socket, other] of [[near, far], [far, near]] as const) socket.on('error', () => other.destroy()).on('close', () => other.destroy()).pipe(other);
    });
    this.#server = server;
    return new Promise((resolve) => server.listen(this.#port, HOST, resolve));
  }

  close(): void {
    this.#server?.close();
  }
}

let system: System;
let folder: string;
let doors: Record<'DATABASE_URL' | 'REDIS_URL' | 'AMQP_URL' | 'AMI_URL' | 'ARI_URL', Door>;
const children = new Map<string, { child: ServiceChild; url: string }>();

beforeAll(async () => {
  system = await openSystem();
  const { postgresUrl, redisUrl, amqpUrl, pbx } = system.stack;
  const door = async (target: string | null | undefined): Promise<Door> => new Door(target ?? '', await freePort());
  doors = { DATABASE_URL: await door(postgresUrl), REDIS_URL: await door(redisUrl), AMQP_URL: await door(amqpUrl), AMI_URL: await door(pbx[0]?.amiUrl), ARI_URL: await door(pbx[0]?.ariUrl) };
  folder = mkdtempSync(join(tmpdir(), 'discador-e2e-'));
  for (const file of ['cel.csv', 'Master.csv']) writeFileSync(join(folder, file), '');
  const urls = Object.fromEntries(Object.entries(doors).map(([name, { url }]) => [name, url]));
  for (const name of Object.keys(WAITS_FOR)) {
    const port = await freePort();
    // The shipper's files are not those of pbx1.
    const own: Record<string, string> = name === 'record-shipper' ? { PBX_NAME: 'pbx-away', CEL_LOG: join(folder, 'cel.csv'), CDR_CSV: join(folder, 'Master.csv') } : { PBX_NAME: 'pbx1' };
    const child = startService(name, { ...urls, ...own, HTTP_PORT: String(port), REPLICA: 'away', SPOOL_DIR: join(folder, 'spool') });
    children.set(name, { child, url: `http://${HOST}:${port}` });
  }
}, 120_000);

afterAll(async () => {
  for (const { child } of children.values()) child.kill('SIGKILL');
  for (const door of Object.values(doors ?? {})) door.close();
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Health {
  status: number;
  body: { status: string; waitingFor: string[] };
}

async function ask(name: string, path: string): Promise<Health> {
  const response = await fetch(`${children.get(name)?.url}${path}`);
  return { status: response.status, body: (await response.json()) as Health['body'] };
}

const ready = (name: string): Promise<Health> => ask(name, '/health/ready');
const namesOf = ({ body }: Health): string[] => body.waitingFor.map((line) => line.split(':')[0] ?? '');

test.each(Object.entries(WAITS_FOR))('%s started while its servers are away lives, and says that it waits for %j', async (name, servers) => {
  const health = await eventually(`${name} answers`, () => ready(name).catch(() => null));
  expect(health.status).toBe(503);
  expect(namesOf(health)).toEqual(expect.arrayContaining(servers));
  expect(await ask(name, '/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
}, 30_000);

test('the servers come, and every service is ready', async () => {
  await Promise.all(Object.values(doors).map((door) => door.open()));
  for (const name of children.keys()) await eventually(`${name} is ready`, async () => (await ready(name)).status === 200);
}, 30_000);

test('asked to end they end with 0', async () => {
  for (const { child } of children.values()) child.kill('SIGTERM');
  const codes = await Promise.all([...children].map(async ([name, { child }]) => [name, await child.ended]));
  expect(codes).toEqual([...children.keys()].map((name) => [name, 0]));
}, 30_000);
