import { Redis } from 'ioredis';
import pg from 'pg';
import type { CampaignCreate } from '@discador/contracts/http/campaigns';
import { stateSchema, type ProcessState } from '../stack/desired.ts';
import { homeAt, readJson } from '../stack/home.ts';
import { status, up, type StackStatus, type UpOptions } from '../stack/stack.ts';
import { Api } from '../start/api.ts';
import { contactsCsv } from './numbers.ts';

/** Two masters and three workers: the shape that all tests share, so that going from one to the next restarts little. */
export const SHAPE: UpOptions = { masters: 2, workers: 3, build: false };

/** The whole system, ready, and the ways to look into it. */
export interface System {
  stack: StackStatus;
  api: Api;
  db: pg.Pool;
  redis: Redis;
  close(): Promise<void>;
}

/** Brings the system into the tests' shape, or one that differs in `options`, and opens it. */
export async function openSystem(options: UpOptions = {}): Promise<System> {
  const stack = await up({ ...SHAPE, ...options }, () => undefined);
  const db = new pg.Pool({ connectionString: stack.postgresUrl ?? '', max: 4 });
  const redis = new Redis(stack.redisUrl ?? '');
  const close = async (): Promise<void> => {
    redis.disconnect();
    await db.end();
  };
  return { stack, api: new Api(stack.apiUrl ?? ''), db, redis, close };
}

/** Looks every 50 ms until `look` gives something; state has no event.
 *  @throws naming `what` after `timeoutMs` */
export async function eventually<T>(what: string, look: () => Promise<T | null | undefined | false> | T | null | undefined | false, timeoutMs = 20_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** An agentless campaign, callable all day, each number tried once, unless said otherwise; with its contacts, not started.
 *  @param callsPerSecond of the trunk that every campaign shares
 *  @returns its id */
export async function createCampaign({ api }: System, phones: string[], settings: Partial<CampaignCreate> = {}, callsPerSecond = 20): Promise<string> {
  const defaults = { name: 'e2e', mode: 'agentless', maxChannels: 60, windowFrom: '00:00', windowTo: '24:00', maxAttempts: 1, retryDelaySec: 1, ringTimeoutSec: 5 } as const;
  await api.setTrunk('default', { maxChannels: 300, callsPerSecond });
  const { campaignId } = await api.createCampaign({ ...defaults, ...settings });
  const job = await api.importContacts(campaignId, contactsCsv(phones), campaignId);
  if (job.imported !== phones.length) throw new Error(`only ${job.imported} of ${phones.length} contacts were imported`);
  return campaignId;
}

export async function startCampaign(system: System, ...campaign: Parameters<typeof createCampaign> extends [System, ...infer Rest] ? Rest : never): Promise<string> {
  const campaignId = await createCampaign(system, ...campaign);
  await system.api.act(campaignId, 'start');
  return campaignId;
}

export async function untilFinished({ api }: System, campaignId: string, timeoutMs = 40_000): Promise<void> {
  await eventually(`campaign ${campaignId} finished`, async () => (await api.campaign(campaignId)).status === 'finished', timeoutMs);
}

/** The one number that a statement with `$1` = the campaign gives. */
export async function count({ db }: System, sql: string, campaignId: string): Promise<number> {
  const { rows } = await db.query<{ n: string }>(sql, [campaignId]);
  return Number(rows[0]?.n);
}

export const attemptsOf = (system: System, campaignId: string): Promise<number> =>
  count(system, 'SELECT count(*) AS n FROM call_attempts WHERE campaign_id = $1', campaignId);

export const openCallsOf = (system: System, campaignId: string): Promise<number> =>
  count(system, 'SELECT count(*) AS n FROM open_attempts WHERE campaign_id = $1', campaignId);

/** One replica as its supervisor sees it: pid, how often it was restarted, how it ended last. */
export function replicaOf({ stack }: System, id: string): ProcessState {
  const found = readJson(homeAt(stack.home).stateFile, stateSchema)?.processes.find((one) => one.id === id);
  if (!found) throw new Error(`the supervisor knows no ${id}`);
  return found;
}

export type Replica = StackStatus['services'][number];

/** The masters that run, asked now. */
export const masters = async (): Promise<Replica[]> => (await status()).services.filter(({ name }) => name === 'discador-master');
