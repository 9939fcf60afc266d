import { connect as connectAmqp } from 'amqplib';
import { Redis } from 'ioredis';
import { connect } from 'node:net';
import pg from 'pg';
import { z } from 'zod';

const TIMEOUT_MS = 2_000;

/** What a service says at /health/ready; `ready` false with nothing in waitingFor: it does not answer. */
export type ServiceHealth = { ready: boolean; waitingFor: string[]; leader: boolean; note: string | null };

const healthSchema = z.object({
  status: z.string(),
  waitingFor: z.array(z.string()).default([]),
  leader: z.boolean().optional(),
  note: z.string().optional(),
});

/** Asks one service; never throws. */
export async function askService(healthUrl: string): Promise<ServiceHealth> {
  try {
    const response = await fetch(healthUrl, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body = healthSchema.parse(await response.json());
    return { ready: response.status === 200, waitingFor: body.waitingFor, leader: body.leader ?? false, note: body.note ?? null };
  } catch {
    return { ready: false, waitingFor: [], leader: false, note: null };
  }
}

/** True when PostgreSQL answers a query. @param url of a database that exists */
export async function postgresAnswers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  client.on('error', () => undefined); // it may go away while we ask
  return succeeds(async () => {
    await client.connect();
    await client.query('SELECT 1');
  }).finally(() => client.end().catch(() => undefined));
}

/** True when Redis answers PING, which it refuses while it loads its data. */
export async function redisAnswers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS, enableReadyCheck: false });
  redis.on('error', () => undefined);
  return succeeds(async () => {
    await redis.connect();
    await redis.ping();
  }).finally(() => redis.disconnect());
}

/** True when the broker accepts the login. */
export async function amqpAnswers(url: string): Promise<boolean> {
  return succeeds(async () => {
    const connection = await connectAmqp(url, { timeout: TIMEOUT_MS });
    connection.on('error', () => undefined);
    await connection.close();
  });
}

/** True when a web server answers at `url` with anything but an error of its own. The URL may carry a login. */
export async function httpAnswers(url: string): Promise<boolean> {
  return succeeds(async () => {
    const { username, password, origin, pathname } = new URL(url);
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    const response = await fetch(`${origin}${pathname}`, { headers: { authorization: `Basic ${login}` }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`status ${response.status}`);
  });
}

/** True when the manager interface greets and ARI accepts its user. */
export async function pbxAnswers(amiUrl: string, ariUrl: string): Promise<boolean> {
  const answers = await Promise.all([greets(amiUrl, 'Asterisk Call Manager'), httpAnswers(new URL('/ari/asterisk/info?only=status', ariUrl).href)]);
  return answers.every(Boolean);
}

function greets(url: string, greeting: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  return new Promise<boolean>((resolve) => {
    socket.setTimeout(TIMEOUT_MS, () => resolve(false));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (chunk) => resolve(chunk.toString('latin1').startsWith(greeting)));
  }).finally(() => socket.destroy());
}

const succeeds = (work: () => Promise<void>): Promise<boolean> =>
  work().then(
    () => true,
    () => false,
  );
