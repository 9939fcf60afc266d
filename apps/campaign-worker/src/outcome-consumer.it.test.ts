import { callEventId, type CallEndedEvent } from '@discador/contracts/events/call-events';
import type { Disposition } from '@discador/contracts/dispositions';
import type { ConsumeMessage } from 'amqplib';
import { consumeOutcomes } from './outcome-consumer.ts';
import { WorkerBench } from './testing/worker-bench.ts';

let bench: WorkerBench;
let attempt: string;

beforeEach(async () => {
  bench = await WorkerBench.open();
  const [link] = bench.links;
  if (link) link.originator.originate = async () => ({ queued: true });
  const campaignId = await bench.campaign(1);
  await bench.worker().handle((await bench.slice(campaignId, 1)).message);
  [attempt = ''] = await bench.attempts(campaignId);
});
afterEach(() => bench.close());

function ended(disposition: Disposition, cause: number): ConsumeMessage {
  const at = new Date().toISOString();
  const event: CallEndedEvent = {
    specversion: '1.0', id: callEventId('pbx1', attempt, 'ended'), source: '/pbx/pbx1', type: 'call.ended', subject: attempt, time: at,
    datacontenttype: 'application/json', pbx: 'pbx1', attemptid: attempt, inferred: false,
    data: { callId: attempt, direction: 'outbound', from: '', to: '1', startedAt: at, endedAt: at, durationMs: 0, billMs: 0, cause, disposition, dtmf: '' },
  };
  return { content: Buffer.from(JSON.stringify(event)) } as ConsumeMessage;
}

const stored = async () => (await bench.rows('SELECT disposition FROM call_attempts'))[0];

test('of two ends of one call in one batch the first wins', async () => {
  expect(await consumeOutcomes([ended('busy', 17), ended('answered', 16)], bench.desk, bench.metrics)).toEqual(['ack', 'ack']);
  expect(await stored()).toEqual({ disposition: 'busy' });
});

test('a batch is settled only once it is stored', async () => {
  await bench.own.pool.query('ALTER TABLE open_attempts RENAME TO elsewhere');
  await expect(consumeOutcomes([ended('busy', 17)], bench.desk, bench.metrics)).rejects.toMatchObject({ code: '42P01' });
  await bench.own.pool.query('ALTER TABLE elsewhere RENAME TO open_attempts');
  expect(await consumeOutcomes([ended('busy', 17)], bench.desk, bench.metrics)).toEqual(['ack']);
  expect(await stored()).toEqual({ disposition: 'busy' });
});

test('the end of a call that is not ours is acknowledged and changes nothing, beside one that is', async () => {
  const before = await bench.rows('SELECT attempt_id FROM open_attempts');
  const { attemptid, ...rest } = JSON.parse(ended('answered', 16).content.toString()) as CallEndedEvent;
  const foreign: CallEndedEvent = { ...rest, subject: 'pbx1-1795250094.2', data: { ...rest.data, callId: 'pbx1-1795250094.2', direction: 'inbound', route: 'external', from: '5511988887777' } };
  const message = { content: Buffer.from(JSON.stringify(foreign)) } as ConsumeMessage;
  expect(attemptid).toBe(attempt);
  expect(await consumeOutcomes([message], bench.desk, bench.metrics)).toEqual(['ack']);
  expect([await bench.rows('SELECT attempt_id FROM open_attempts'), (await stored())?.['disposition']]).toEqual([before, null]);
  expect(await consumeOutcomes([message, ended('busy', 17), message], bench.desk, bench.metrics)).toEqual(['ack', 'ack', 'ack']);
  expect([await stored(), await bench.rows('SELECT * FROM attempt_evidence')]).toEqual([{ disposition: 'busy' }, []]);
});
