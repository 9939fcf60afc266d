import { appendFile, copyFile, mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '@discador/postgres/database';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import pino from 'pino';
import { Registry } from 'prom-client';
import { FileShipper } from './file-shipper.ts';
import { shipperMetrics } from './metrics.ts';
import { CDR, CEL, type RecordKind } from './record-kinds.ts';

const log = pino({ level: 'silent' });
const fixture = (name: string) => readFileSync(new URL(`../../../libs/asterisk/src/fixtures/${name}`, import.meta.url), 'utf8');
const ANSWERED = fixture('answered.cel.csv');
const BUSY = fixture('busy.cel.csv');
const AGENT = fixture('queue-agent.cel.csv');
const LINES = { answered: 8, busy: 6, agent: 18 };

let testDatabase: TestDatabase;
let database: Database;
let folder: string;
let path: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, name: 'shipper-test', log });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shipper-'));
  path = join(folder, 'cel.csv');
  await testDatabase.pool.query('TRUNCATE pbx_cel, pbx_cdr, pbx_record_positions');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function shipper(options: { kind?: RecordKind; pieceBytes?: number; on?: Database } = {}): FileShipper {
  return new FileShipper({
    kind: CEL,
    path,
    pbx: 'pbx1',
    database: options.on ?? database,
    pollMs: 20,
    log,
    metrics: shipperMetrics(new Registry()),
    state: { up: () => undefined, down: () => undefined },
    ...options,
  });
}

async function shipAll(one: FileShipper): Promise<void> {
  while (await one.look());
}

async function count(table = 'pbx_cel'): Promise<number> {
  const { rows } = await testDatabase.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]?.n ?? -1;
}

async function position(): Promise<{ byte_offset: string; caught_up: boolean }> {
  const text = "SELECT byte_offset, caught_up_at IS NOT NULL AS caught_up FROM pbx_record_positions WHERE pbx = 'pbx1' AND file = 'cel'";
  const { rows } = await testDatabase.pool.query<{ byte_offset: string; caught_up: boolean }>(text);
  return rows[0] ?? { byte_offset: '-1', caught_up: false };
}

describe('FileShipper', () => {
  it('loads every line once, also after a restart', async () => {
    await appendFile(path, ANSWERED);
    await shipAll(shipper());
    await shipAll(shipper());
    await appendFile(path, AGENT);
    await shipAll(shipper());
    expect(await count()).toBe(LINES.answered + LINES.agent);
    const { rows } = await testDatabase.pool.query("SELECT 1 FROM pbx_cel WHERE unique_id LIKE '%;2' AND event_type = 'CHAN_START' AND attempt_id IS NOT NULL");
    expect(rows).toHaveLength(2);
  });

  it('keeps microseconds', async () => {
    await appendFile(path, ANSWERED);
    await shipAll(shipper());
    const { rows } = await testDatabase.pool.query<{ at: string }>('SELECT min(extract(epoch FROM event_time))::text AS at FROM pbx_cel');
    expect(rows[0]?.at).toBe(/"(\d+\.\d{6})"/.exec(ANSWERED)?.[1]);
  });

  it('leaves a torn last line until it is whole', async () => {
    await appendFile(path, ANSWERED + BUSY.slice(0, 50));
    const one = shipper();
    await one.look();
    expect(await count()).toBe(LINES.answered);
    expect((await position()).caught_up).toBe(false);
    await one.look();
    expect((await position()).caught_up).toBe(true);
    await appendFile(path, BUSY.slice(50));
    await shipAll(one);
    expect(await count()).toBe(LINES.answered + LINES.busy);
  });

  it('follows a rotation and finishes the old file first', async () => {
    const one = shipper();
    await appendFile(path, ANSWERED);
    await shipAll(one);
    await appendFile(path, BUSY);
    await rename(path, `${path}.1`);
    await appendFile(path, AGENT);
    await shipAll(one);
    expect(await count()).toBe(LINES.answered + LINES.busy + LINES.agent);
  });

  it('follows two rotations that it slept through, one with a torn end', async () => {
    await appendFile(path, ANSWERED);
    await shipAll(shipper());
    await rename(path, `${path}.2`);
    await appendFile(path, `${BUSY}"CHAN_STA`);
    await rename(path, `${path}.1`);
    await appendFile(path, AGENT);
    await shipAll(shipper());
    expect(await count()).toBe(LINES.answered + LINES.busy + LINES.agent);
    expect(await position()).toEqual({ byte_offset: String(Buffer.byteLength(AGENT)), caught_up: true });
  });

  it('follows copy and truncate', async () => {
    const one = shipper();
    await appendFile(path, ANSWERED);
    await shipAll(one);
    await appendFile(path, BUSY);
    await copyFile(path, `${path}.1`);
    await truncate(path);
    await appendFile(path, AGENT);
    await shipAll(one);
    expect(await count()).toBe(LINES.answered + LINES.busy + LINES.agent);
  });

  it('reads in pieces smaller than the file, and steps over a line that no piece holds', async () => {
    await appendFile(path, `${ANSWERED}${'x'.repeat(5000)}\n${BUSY}`);
    await shipAll(shipper({ pieceBytes: 700 }));
    expect(await count()).toBe(LINES.answered + LINES.busy);
  });

  it('leaves out what is no record', async () => {
    await appendFile(path, `not a record\n\0"CHAN_START"\n${BUSY}`);
    await shipAll(shipper());
    expect(await count()).toBe(LINES.busy);
  });

  it('is caught up with a PBX that has not called yet, but not without its folder', async () => {
    const one = shipper();
    await one.look();
    expect((await position()).caught_up).toBe(true);
    await rm(folder, { recursive: true });
    await expect(one.look()).rejects.toThrow(/ENOENT/);
  });

  it('loads CDR', async () => {
    await appendFile(path, fixture('queue-agent.cdr.csv'));
    await shipAll(shipper({ kind: CDR }));
    expect(await count('pbx_cdr')).toBe(3);
    const { rows } = await testDatabase.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM pbx_cdr WHERE attempt_id IS NOT NULL AND disposition = 'ANSWERED' AND bill_sec = 4");
    expect(rows[0]?.n).toBe(2);
  });

  it.each(['pbx_cel', 'pbx_record_positions'])('loses and doubles nothing when its connection dies while it writes to %s', async (table) => {
    await appendFile(path, ANSWERED);
    const own = new Database({ url: testDatabase.url, name: 'shipper-to-kill', log });
    own.pool.on('connect', (client) => client.on('error', () => undefined));
    const one = shipper({ on: own });
    await shipAll(one);
    await appendFile(path, BUSY);
    await withLocked(table, async () => {
      one.start();
      await connectionWaitsForLock();
      await testDatabase.pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shipper-to-kill'");
    });
    while ((await count()) < LINES.answered + LINES.busy) await one.look().catch(() => undefined);
    await one.stop();
    await own.close();
    expect(await count()).toBe(LINES.answered + LINES.busy);
    expect(await position()).toEqual({ byte_offset: String(Buffer.byteLength(ANSWERED + BUSY)), caught_up: true });
  });
});

/** The shipper waits for one of its two tables: the middle of its transaction. */
async function withLocked(table: string, work: () => Promise<void>): Promise<void> {
  const client = await testDatabase.pool.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
    await work();
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function connectionWaitsForLock(): Promise<void> {
  const text = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'shipper-to-kill' AND wait_event_type = 'Lock'";
  while ((await testDatabase.pool.query(text)).rowCount === 0);
}
