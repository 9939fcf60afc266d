import { until } from '@discador/runtime/testing/until';
import { shortLocks, type TakeLock } from '@discador/redis/short-lock';
import { pino } from 'pino';
import { Sweeper } from './sweeper.ts';
import { WorkerBench } from './testing/worker-bench.ts';

let bench: WorkerBench;
let sweeper: Sweeper;
let campaignId: string;
let attempt: string;
let sweeps: number;
let offset = 0;

beforeEach(async () => {
  bench = await WorkerBench.open();
  const { database, desk, links, metrics } = bench;
  const locks = shortLocks([bench.redis]);
  sweeps = 0;
  const takeLock: TakeLock = (key, ttlMs) => ((sweeps += 1), locks(key, ttlMs));
  sweeper = new Sweeper({ database, desk, links, metrics, takeLock, everyMs: 20, log: pino({ level: 'silent' }) });
});
afterEach(async () => {
  await sweeper.stop();
  await bench.close();
});

/** One open attempt, claimed half a minute ago; dialled for real when `ending` says how the carrier answers, else its originate is taken for lost. */
async function openAttempt(ending?: string): Promise<void> {
  campaignId = await bench.campaign(1, ending);
  const { message } = await bench.slice(campaignId, 1);
  const [link] = bench.links;
  if (!ending && link) link.originator.originate = async () => ({ queued: false, reason: 'lost', inDoubt: true });
  await bench.worker().handle(message);
  [attempt = ''] = await bench.attempts(campaignId);
  await bench.own.pool.query(`UPDATE open_attempts SET claimed_at = now() - interval '30 s', dial_by = now() - interval '25 s'`);
}

/** The shipper's word: it read the PBX's file to its end so long ago; Asterisk started so long ago. */
async function records(caughtUpSecAgo: number, bootedSecAgo = 3600): Promise<void> {
  const startedAt = Date.now() - bootedSecAgo * 1000;
  for (const { ari } of bench.links) Object.assign(ari, { info: () => Promise.resolve({ version: '', systemName: '', startedAt }) });
  await bench.own.pool.query(
    `INSERT INTO pbx_record_positions (pbx, file, file_id, byte_offset, caught_up_at) VALUES ('pbx1', 'cel', 1, 0, now() - make_interval(secs => $1))
     ON CONFLICT (pbx, file) DO UPDATE SET caught_up_at = excluded.caught_up_at`,
    [caughtUpSecAgo],
  );
}

/** What the PBX wrote of the dialled half, so many seconds ago. */
async function cel(...events: [type: string, secAgo: number, extra?: string][]): Promise<void> {
  for (const [type, secAgo, extra] of events) {
    await bench.own.pool.query(
      `INSERT INTO pbx_cel VALUES ('pbx1', 1, $1, $2, now() - make_interval(secs => $3), $4, $4, $5, '', '', '', '', $6)`,
      [offset++, type, secAgo, `${attempt};2`, attempt, extra ?? ''],
    );
  }
}

const absentSince = async () => (await bench.rows<{ absent_since: Date | null }>('SELECT absent_since FROM open_attempts'))[0]?.absent_since;
const ended = async () => (await bench.rows('SELECT disposition, inferred, in_doubt FROM call_attempts WHERE ended_at IS NOT NULL'))[0];
/** Lets the sweeper look a few times: when the fourth look begins, three are over. */
async function looks(): Promise<void> {
  const before = sweeps;
  await until(() => sweeps >= before + 4);
}
/** As if the first look had been so long ago. */
const firstLook = (secAgo: number) => bench.own.pool.query('UPDATE open_attempts SET absent_since = now() - make_interval(secs => $1)', [secAgo]);

test('one that dies or is frozen in mid-sweep keeps the others from it for no longer than 5 s', async () => {
  await openAttempt();
  const dying = bench.links[0];
  if (dying) dying.ari.channels = () => new Promise(() => undefined);
  sweeper.start();
  await until(async () => (await bench.redis.pttl('discador:lock:sweeper:pbx1')) > 0);
  expect(await bench.redis.pttl('discador:lock:sweeper:pbx1')).toBeLessThanOrEqual(5000);
  sweeper.stop = async () => undefined; // it never ends
});

test('absent on a first look: noted, not closed, until a second look ten seconds later', async () => {
  await openAttempt();
  await records(-60); // read to the end, whatever is asked
  sweeper.start();
  await until(async () => (await absentSince()) !== null);
  await firstLook(8);
  await looks();
  expect(await ended()).toBeUndefined();
  await firstLook(10.5);
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toEqual({ disposition: 'not_placed', inferred: true, in_doubt: false });
  expect(await bench.rows('SELECT outcome_source FROM report.attempts')).toEqual([{ outcome_source: 'sweeper' }]);
  expect(await bench.rows('SELECT status, attempts FROM contacts')).toEqual([{ status: 'retry', attempts: 0 }]);
  expect([await bench.permitsOf(campaignId), (await bench.rows('SELECT 1 FROM open_attempts')).length]).toEqual([0, 0]);
});

test('while the gate may still let it through, 5 s from the claim, and for 3 s more, an attempt without a channel gets no look', async () => {
  await openAttempt();
  await records(-60);
  await bench.own.pool.query(`UPDATE open_attempts SET claimed_at = now() - interval '5 s'`);
  sweeper.start();
  await looks();
  expect(await absentSince()).toBeNull();
  await bench.own.pool.query(`UPDATE open_attempts SET claimed_at = now() - interval '8.1 s'`);
  await until(async () => (await absentSince()) !== null);
});

test('an attempt at another PBX is not looked for at this one', async () => {
  await openAttempt();
  await records(-60);
  await bench.own.pool.query(`UPDATE open_attempts SET pbx = 'pbx2'`);
  sweeper.start();
  await looks();
  expect(await absentSince()).toBeNull();
});

test('the clocks of PBX and worker may be seconds off: the time of a look is the database’s', async () => {
  await openAttempt();
  await records(-60);
  // DIAL_BY as a PBX says it whose clock is 20 s behind: long past, though the gate would still let the call through.
  await bench.own.pool.query(`UPDATE open_attempts SET claimed_at = now() - interval '3 s', dial_by = now() - interval '19 s'`);
  sweeper.start();
  await looks();
  expect(await absentSince()).toBeNull();
  await bench.own.pool.query(`UPDATE open_attempts SET claimed_at = now() - interval '30 s'`);
  const realNow = Date.now;
  Date.now = () => realNow() + 60_000;
  try {
    await until(async () => (await absentSince()) !== null);
    await looks();
    expect(await ended()).toBeUndefined();
  } finally {
    Date.now = realNow;
  }
});

test('a call that lives is left alone, and one that was missed once and shows again starts anew', async () => {
  await openAttempt('029'); // answers at once, talks for 4 s
  await until(async () => (await bench.links[0]?.ari.channels())?.some((channel) => channel.id === `${attempt};1`) ?? false);
  await records(-60);
  await firstLook(30);
  sweeper.start();
  await until(async () => (await absentSince()) === null);
  await looks();
  expect([await absentSince(), await ended()]).toEqual([null, undefined]);
});

test('an end in the records closes it as they say, even if they are not read to the end', async () => {
  await openAttempt();
  await records(3600);
  await cel(['CHAN_START', 28], ['HANGUP', 20, '{"hangupcause":17}'], ['CHAN_END', 20]);
  await firstLook(11);
  sweeper.start();
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toEqual({ disposition: 'busy', inferred: true, in_doubt: false });
});

test('records that are not known to reach past the first look close nothing: the end may stand in what is not read yet', async () => {
  await openAttempt();
  await cel(['CHAN_START', 28], ['ANSWER', 27]);
  await records(12);
  await firstLook(11);
  sweeper.start();
  await looks();
  expect(await ended()).toBeUndefined();
  await cel(['CHAN_END', 20]);
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toMatchObject({ disposition: 'abandoned', in_doubt: false });
});

test('begun, gone, and no end in records read to the end: in doubt, and never dialled again', async () => {
  await openAttempt();
  await cel(['CHAN_START', 28]);
  await records(0);
  await firstLook(11);
  sweeper.start();
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toEqual({ disposition: 'in_doubt', inferred: true, in_doubt: true });
  expect(await bench.rows('SELECT status FROM contacts')).toEqual([{ status: 'failed' }]);
});

test('Asterisk restarted with the call on it: answered when it had been', async () => {
  await openAttempt();
  await cel(['CHAN_START', 28], ['ANSWER', 27]);
  await records(0, 20);
  await firstLook(11);
  sweeper.start();
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toMatchObject({ disposition: 'answered', in_doubt: false });
  expect(await bench.rows('SELECT status FROM contacts')).toEqual([{ status: 'completed' }]);
});

test('Asterisk restarted with the call on it: failed when it had not been answered, and due again', async () => {
  await openAttempt();
  await cel(['CHAN_START', 28]);
  await records(0, 20);
  await firstLook(11);
  sweeper.start();
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toEqual({ disposition: 'failed', inferred: true, in_doubt: false });
  expect(await bench.rows('SELECT status FROM contacts')).toEqual([{ status: 'retry' }]);
});

test('when it started is asked of the PBX itself: a restart is known though nobody else watched', async () => {
  await openAttempt();
  await records(-60);
  for (const { ari } of bench.links) Reflect.deleteProperty(ari, 'info'); // the real Asterisk of the test stack, which has run since before
  const [link] = bench.links;
  const { startedAt } = (await link?.ari.info()) ?? {};
  expect(startedAt).toBeLessThan(Date.now());
  await bench.own.pool.query('UPDATE open_attempts SET claimed_at = to_timestamp($1::float8 / 1000) - interval \'30 s\', dial_by = to_timestamp($1::float8 / 1000) - interval \'25 s\', absent_since = to_timestamp($1::float8 / 1000) + interval \'5 s\'', [startedAt]);
  sweeper.start();
  await until(async () => (await ended()) !== undefined);
  expect(await ended()).toMatchObject({ disposition: 'in_doubt' });
});

test('while ARI does not answer nothing is noted and nothing closed', async () => {
  await openAttempt();
  await records(-60);
  const [link] = bench.links;
  if (link) Object.assign(link, { ari: { channels: () => Promise.reject(new Error('ARI does not answer')) } });
  sweeper.start();
  await looks();
  expect([await absentSince(), await ended()]).toEqual([null, undefined]);
});
