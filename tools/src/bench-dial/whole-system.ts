import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { v7 as uuid } from 'uuid';
import { cpuMs } from '../bench/cpu-time.ts';
import { rounded } from '../bench/measurement.ts';
import type { StackStatus } from '../stack/stack.ts';
import { histogramQuantiles, readHistogram, type Histogram } from '../bench/histogram.ts';

export interface Quantiles {
  p50: number;
  p95: number;
  p99: number;
}

export interface WholeResult {
  campaignId: string;
  callsPerSecond: number;
  calls: number;
  /** outcomes waiting in the queue: at the start of the window, at its end */
  backlog: [number, number];
  /** calls that ended more than a second ago and are not stored, at the end */
  unstored: number;
  sliceToOriginateMs: Quantiles;
  hangupToStoredMs: Quantiles;
  /** CPU milliseconds per call, by process */
  cpuPerCall: Record<string, number>;
}

const WARM_UP_MS = 6000;
const CHANNELS = 1500;

/** The whole system dialling an agentless campaign, as fast as the trunk's rate lets it.
 *  @param rate calls per second of the trunk
 *  @param firstNumber serial of the first contact's number, so that two runs share none */
export async function measureWhole(pool: pg.Pool, stack: StackStatus, rate: number, seconds: number, firstNumber: number): Promise<WholeResult> {
  const contacts = Math.min(rate, 500) * (seconds + 15);
  const campaignId = await seed(pool, rate, contacts, firstNumber);
  await sleep(WARM_UP_MS);
  const before = await sample(pool, stack);
  const from = new Date();
  await sleep(seconds * 1000);
  const to = new Date();
  const after = await sample(pool, stack);
  const { rows } = await pool.query<{ calls: number; unstored: number; p50: number; p95: number; p99: number }>(STATISTICS, [campaignId, from, to]);
  const row = rows[0];
  if (!row) throw new Error('no statistics');
  await finish(pool, campaignId);
  const quantiles = histogramQuantiles(before.histogram, after.histogram, [0.5, 0.95, 0.99]).map((value) => rounded(value * 1000, 1));
  return {
    campaignId,
    callsPerSecond: rounded(row.calls / seconds, 1),
    calls: row.calls,
    backlog: [before.outcomesQueued, after.outcomesQueued],
    unstored: row.unstored,
    sliceToOriginateMs: { p50: quantiles[0] ?? 0, p95: quantiles[1] ?? 0, p99: quantiles[2] ?? 0 },
    hangupToStoredMs: { p50: rounded(row.p50, 1), p95: rounded(row.p95, 1), p99: rounded(row.p99, 1) },
    cpuPerCall: Object.fromEntries(Object.entries(after.cpu).map(([name, ms]) => [name, rounded((ms - (before.cpu[name] ?? 0)) / row.calls, 3)])),
  };
}

const STATISTICS = `
SELECT count(*) FILTER (WHERE recorded_at BETWEEN $2 AND $3)::int AS calls,
       count(*) FILTER (WHERE ended_at < $3::timestamptz - interval '1 s' AND recorded_at > $3)::int AS unstored,
       percentile_disc(0.5)  WITHIN GROUP (ORDER BY ms) AS p50,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95,
       percentile_disc(0.99) WITHIN GROUP (ORDER BY ms) AS p99
  FROM (SELECT recorded_at, ended_at, CASE WHEN recorded_at BETWEEN $2 AND $3 THEN extract(epoch FROM recorded_at - ended_at)::float8 * 1000 END AS ms
          FROM call_attempts WHERE campaign_id = $1 AND ended_at IS NOT NULL) AS ended`;

async function sample(pool: pg.Pool, stack: StackStatus): Promise<{ cpu: Record<string, number>; histogram: Histogram; outcomesQueued: number }> {
  const workers = stack.services.filter((service) => service.name === 'campaign-worker');
  const texts = await Promise.all(workers.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text()));
  return { cpu: cpuMs(pidsOf(stack)), histogram: readHistogram(texts, 'discador_worker_slice_to_originate_seconds'), outcomesQueued: await queued(stack) };
}

function pidsOf(stack: StackStatus): Record<string, number> {
  const named = [
    ...stack.pbx.map(({ name, pid }) => [`asterisk ${name}`, pid] as const),
    ...stack.servers.map(({ name, pid }) => [name, pid] as const),
    ...stack.services.map(({ name, replica, pid }) => [`${name} ${replica}`, pid] as const),
  ];
  return Object.fromEntries(named.flatMap(([name, pid]) => (pid === null ? [] : [[name, pid]])));
}

async function queued(stack: StackStatus): Promise<number> {
  const response = await fetch(`${stack.apiUrl}/v1/system/queues`);
  const { broker } = (await response.json()) as { broker: { name: string; messages: number }[] };
  return broker.find((queue) => queue.name === 'discador.outcomes')?.messages ?? 0;
}

async function seed(pool: pg.Pool, rate: number, contacts: number, firstNumber: number): Promise<string> {
  const campaignId = uuid();
  await pool.query(`UPDATE trunks SET calls_per_second = $1, max_channels = 100000 WHERE name = 'default'`, [rate]);
  await pool.query(
    `INSERT INTO campaigns (campaign_id, name, status, mode, max_channels, window_from, window_to, max_attempts)
     VALUES ($1, 'bench', 'draft', 'agentless', $2, '00:00', '24:00', 1)`,
    [campaignId, CHANNELS],
  );
  // Last digits 0 1 9: rings 0 s, talks 2 s, answers at once.
  await pool.query(
    `INSERT INTO contacts (contact_id, campaign_id, phones)
     SELECT gen_random_uuid(), $1, ARRAY['+5511' || lpad(i::text, 6, '9') || '019'] FROM generate_series($2::int, $2::int + $3::int - 1) AS i`,
    [campaignId, firstNumber, contacts],
  );
  await pool.query('ANALYZE contacts');
  await pool.query(`UPDATE campaigns SET status = 'active' WHERE campaign_id = $1`, [campaignId]);
  return campaignId;
}

async function finish(pool: pg.Pool, campaignId: string): Promise<void> {
  await pool.query(`UPDATE campaigns SET status = 'paused' WHERE campaign_id = $1`, [campaignId]);
  for (let waited = 0; waited < 30; waited++) {
    const { rows } = await pool.query<{ open: number }>('SELECT count(*)::int AS open FROM open_attempts');
    if (rows[0]?.open === 0) return;
    await sleep(500);
  }
  throw new Error('attempts stayed open after the campaign was paused');
}
