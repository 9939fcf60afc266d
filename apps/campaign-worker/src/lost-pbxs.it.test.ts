import { notePbxsSeen } from '@discador/postgres/sql/pbx-seen';
import { shortLocks } from '@discador/redis/short-lock';
import { until } from '@discador/runtime/testing/until';
import { pino } from 'pino';
import { LostPbxs } from './lost-pbxs.ts';
import type { PbxLink } from './pbx-link.ts';
import { WorkerBench } from './testing/worker-bench.ts';

const LOST_AFTER_SEC = 10;

let bench: WorkerBench;
let lost: LostPbxs;
/** how often it has looked at the PBX */
let looks: number;
let ariAnswers: boolean;

/** A worker that has lost the connection to its PBX, with one open attempt there, a minute old. */
beforeEach(async () => {
  bench = await WorkerBench.open();
  const { database, desk, metrics, links, redis } = bench;
  const [link] = links as [PbxLink];
  link.originator.originate = async () => ({ queued: false, reason: 'lost', inDoubt: true });
  const { message } = await bench.slice(await bench.campaign(1), 1);
  await bench.worker().handle(message);
  await bench.own.pool.query(`UPDATE open_attempts SET claimed_at = now() - interval '60 s', dial_by = now() - interval '55 s'`);
  await link.ami.close();
  looks = 0;
  ariAnswers = false;
  const ari = { channels: () => (ariAnswers ? Promise.resolve([]) : Promise.reject(new Error('away'))) };
  const watched = { name: link.name, ari, get ami() { looks += 1; return link.ami; } } as unknown as PbxLink;
  lost = new LostPbxs({ database, desk, metrics, takeLock: shortLocks([redis]), links: [watched], everyMs: 20, lostAfterSec: LOST_AFTER_SEC, log: pino({ level: 'silent' }) });
});
afterEach(async () => {
  await lost.stop();
  await bench.close();
});

async function seen(secAgo: number): Promise<void> {
  await notePbxsSeen(bench.database, ['pbx1']);
  await bench.own.pool.query('UPDATE pbx_seen SET seen_at = now() - make_interval(secs => $1)', [secAgo]);
}

const attempts = () => bench.rows('SELECT disposition, inferred, in_doubt, ended_at IS NOT NULL AS over FROM call_attempts');

/** Lets it look a few times: when the fourth look begins, three are over. */
async function looksOver(): Promise<void> {
  lost.start();
  await until(() => looks >= 4);
}

test('a PBX that no worker has reached for long: its attempt is closed, in doubt, so that the number is not called again', async () => {
  await seen(LOST_AFTER_SEC + 2);
  lost.start();
  await until(async () => (await attempts())[0]?.['over'] === true);
  expect(await attempts()).toEqual([{ disposition: 'in_doubt', inferred: true, in_doubt: true, over: true }]);
  expect(await bench.rows('SELECT 1 FROM open_attempts')).toEqual([]);
});

test('one that another worker has reached just now is not lost', async () => {
  await seen(LOST_AFTER_SEC - 5);
  await looksOver();
  expect(await attempts()).toEqual([{ disposition: null, inferred: false, in_doubt: false, over: false }]);
});

test('one that nobody has ever reached is not known to have calls', async () => {
  await looksOver();
  expect((await attempts())[0]).toMatchObject({ over: false });
});

test('one that answers over ARI is there, and every worker may know', async () => {
  await seen(LOST_AFTER_SEC + 2);
  ariAnswers = true;
  await looksOver();
  expect((await attempts())[0]).toMatchObject({ over: false });
  const [{ age } = {}] = await bench.rows<{ age: number }>(`SELECT extract(epoch FROM now() - seen_at)::float8 AS age FROM pbx_seen`);
  expect(age).toBeLessThan(LOST_AFTER_SEC);
});
