import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOST } from '../stack/addresses.ts';
import { freePort } from '../stack/ports.ts';
import { startService, type ServiceChild } from './service-child.ts';
import { eventually, openSystem, type System } from './system.ts';

const SERVICES = ['gateway', 'discador-master', 'campaign-worker', 'ari-monitor', 'monitoring-worker', 'record-shipper'];
/** Far within the grace (28 s): what is silent is not waited for until its own time-outs, 12 s and more. */
const STOP_MS = 10_000;
/** Not the stack's: its replicas hold the same locks. */
const REDIS_DB = 9;

/** A way to a server that stays, or breaks in one of the two ways in which servers go. */
class Door {
  readonly #far: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #state: 'open' | 'gone' | 'silent' = 'open';

  constructor(target: string) {
    this.#far = new URL(target);
    this.#server = createServer((near) => this.#enter(near));
  }

  /** @returns the server's address, with the door's place in it */
  async open(): Promise<string> {
    await once(this.#server.listen(0, HOST), 'listening');
    const url = new URL(this.#far);
    url.host = `${HOST}:${(this.#server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** `gone`: connections end, new ones end at once. `silent`: nothing is answered, nothing ends, new connections are taken. */
  break(how: 'gone' | 'silent'): void {
    this.#state = how;
    for (const socket of this.#sockets) {
      if (how === 'gone') socket.destroy();
      else socket.pause();
    }
  }

  close(): void {
    this.break('gone');
    this.#server.close();
  }

  #enter(near: Socket): void {
    this.#keep(near);
    if (this.#state === 'gone') near.destroy();
    if (this.#state !== 'open') return;
    const far = connect({ host: this.#far.hostname, port: Number(this.#far.port) });
    this.#keep(far);
    for (const [socket, other] of [[near, far], [far, near]] as const) socket.on('close', () => other.destroy()).on('data', (bytes) => other.write(bytes));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }
}

let system: System;
let folder: string;
const doors: Door[] = [];
const children = new Map<string, ServiceChild>();

beforeAll(async () => {
  system = await openSystem({ masters: 0 });
  folder = mkdtempSync(join(tmpdir(), 'discador-e2e-'));
  for (const file of ['cel.csv', 'Master.csv']) writeFileSync(join(folder, file), '');
}, 120_000);

afterEach(() => {
  for (const child of children.values()) child.kill('SIGKILL');
  for (const door of doors.splice(0)) door.close();
});

afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each service once, all its servers behind doors, ready. */
async function startAll(): Promise<void> {
  const { postgresUrl, redisUrl, amqpUrl, pbx } = system.stack;
  const targets = { DATABASE_URL: postgresUrl, REDIS_URL: new URL(`/${REDIS_DB}`, redisUrl ?? '').href, AMQP_URL: amqpUrl, AMI_URL: pbx[0]?.amiUrl, ARI_URL: pbx[0]?.ariUrl };
  const urls: Record<string, string> = {};
  for (const [name, target] of Object.entries(targets)) {
    const door = new Door(target ?? '');
    doors.push(door);
    urls[name] = await door.open();
  }
  await Promise.all(SERVICES.map((name) => startOne(name, urls)));
}

/** @param again its port may be taken, by a connection that somebody makes, before it listens */
async function startOne(name: string, urls: Record<string, string>, again = 2): Promise<void> {
  const port = await freePort();
  // The shipper's files are not those of pbx1.
  const own: Record<string, string> = name === 'record-shipper' ? { PBX_NAME: 'pbx-away', CEL_LOG: join(folder, 'cel.csv'), CDR_CSV: join(folder, 'Master.csv') } : { PBX_NAME: 'pbx1' };
  const child = startService(name, { ...urls, ...own, HTTP_PORT: String(port), REPLICA: 'stops', SPOOL_DIR: join(folder, 'spool') });
  children.set(name, child);
  const health = { text: 'no answer' };
  const ready = async (): Promise<boolean> => {
    const answer = await fetch(`http://${HOST}:${port}/health/ready`).catch(() => null);
    health.text = (await answer?.text()) ?? health.text;
    return answer?.ok === true;
  };
  const ended = child.ended.then((code) => `ended with ${code}:\n${child.output()}`);
  const outcome = await Promise.race([ended, eventually(`${name} is ready`, ready, 40_000).catch((error: Error) => `${error.message}: ${health.text}`)]);
  if (outcome === true) return;
  if (again === 0 || !outcome.includes('EADDRINUSE')) throw new Error(`${name} ${outcome}`);
  await startOne(name, urls, again - 1);
}

test.each(['gone', 'silent'] as const)('every service told to stop while all its servers are %s ends with 0 within its grace: it held nothing that is lost', async (how) => {
  await startAll();
  for (const door of doors) door.break(how);
  const began = performance.now();
  for (const child of children.values()) child.kill('SIGTERM');
  const ended = await Promise.all([...children].map(async ([name, child]) => ({ name, code: await child.ended, ms: Math.round(performance.now() - began) })));
  process.stdout.write(`stopped with servers ${how}, ms: ${ended.map(({ name, ms }) => `${name} ${ms}`).join(', ')}\n`);
  expect(ended.map(({ name, code }) => [name, code])).toEqual(SERVICES.map((name) => [name, 0]));
  expect(Math.max(...ended.map(({ ms }) => ms))).toBeLessThan(STOP_MS);
}, 90_000);
