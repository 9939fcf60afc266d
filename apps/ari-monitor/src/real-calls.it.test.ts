import { randomUUID } from 'node:crypto';
import { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import type { AmiAction } from '@discador/asterisk/ami/ami-message';
import { originateAction, type OriginateRequest } from '@discador/asterisk/ami/originate';
import { Originator } from '@discador/asterisk/ami/originator';
import { parseAriUrl } from '@discador/asterisk/ari/ari-address';
import type { CallEndedEvent, CallEvent } from '@discador/contracts/events/call-events';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { required, startReplica, until, watchEvents, type Replica } from './testing/replica.ts';

const campaignId = uuidv7();
const pbx = `test-${randomUUID().slice(0, 8)}`;
let ami: AmiConnection;
let originator: Originator;
let replica: Replica;
let got: CallEvent[];
let stopWatching: () => Promise<void>;

beforeAll(async () => {
  ami = new AmiConnection({ url: required('AMI_URL'), name: pbx, log: pino({ level: 'silent' }), pingEveryMs: 500 });
  originator = new Originator(ami);
  ami.start();
  ({ got, stop: stopWatching } = await watchEvents([pbx]));
  replica = await startReplica({ replica: pbx, pbxs: { [pbx]: required('ARI_URL') } });
  await until(() => ami.up && replica.publishes() && replica.context.dependencies.ready);
});

afterAll(async () => {
  await ami.close();
  await replica.nest.close();
  await stopWatching();
});

/** Dials and waits for the end; the last three digits of the number tell the simulated carrier what to do. */
async function call(number: string, changes: Partial<OriginateRequest> = {}): Promise<{ ended: CallEndedEvent; types: string[] }> {
  const attemptId = uuidv7();
  const dialBy = Math.floor((Date.now() + (ami.clockOffsetMs ?? 0)) / 1000) + 5;
  const result = await originator.originate({ attemptId, campaignId, number, destination: 'hold', ringTimeoutSec: 5, dialBy, ...changes });
  expect(result).toEqual({ queued: true });
  const own = (): CallEvent[] => got.filter((event) => event.attemptid === attemptId && event.campaignid === campaignId);
  await until(() => own().some(({ type }) => type === 'call.ended'));
  return { ended: own().at(-1) as CallEndedEvent, types: own().map(({ type }) => type.slice(5)) };
}

describe('ARI monitor at a real Asterisk', () => {
  it('finds no source of device states in ARI, which would lock it up when a socket opens while a device changes', async () => {
    const { base, authorization } = parseAriUrl(required('ARI_URL'));
    const loaded = (name: string): Promise<number> => fetch(`${base}/asterisk/modules/${name}.so`, { headers: { authorization } }).then(({ status }) => status);
    expect(await loaded('res_stasis')).toBe(200);
    expect(await loaded('res_stasis_device_state')).toBe(404);
  });

  it.each<[string, string, Partial<OriginateRequest>, number, string[]]>([
    ['answered', '5511900000011', {}, 16, ['dialing', 'ringing', 'answered', 'ended']],
    ['busy', '5511900000002', {}, 17, ['dialing', 'ended']],
    ['no_answer', '5511900000003', { ringTimeoutSec: 1 }, 19, ['dialing', 'ringing', 'ended']],
    ['congestion', '5511900000004', {}, 34, ['dialing', 'ended']],
    ['invalid_number', '5511900000005', {}, 1, ['dialing', 'ended']],
    ['rejected', '5511900000008', {}, 21, ['dialing', 'ringing', 'ended']],
    ['abandoned', '5511900000019', { destination: 'queue-phones' }, 16, ['dialing', 'answered', 'ended']],
    ['not_placed', '5511900000019', { dialBy: 1_700_000_000 }, 26, ['dialing', 'ended']],
  ])('%s', async (disposition, number, changes, cause, expected) => {
    const { ended, types } = await call(number, changes);
    expect(ended.data).toMatchObject({ disposition, cause, to: number });
    expect(types).toEqual(expected);
  }, 15_000);

  it('is refused by the gate one second after its DIAL_BY, not only long after', async () => {
    const pbxNowMs = (): number => Date.now() + (ami.clockOffsetMs ?? 0);
    await until(() => pbxNowMs() % 1000 > 200); // the offset is good to some milliseconds: at its turn it would take the next second for this one
    const pbxNow = Math.floor(pbxNowMs() / 1000);
    const { ended } = await call('5511900000019', { dialBy: pbxNow - 1 });
    expect(ended.data).toMatchObject({ disposition: 'not_placed', cause: 26 });
  });

  it.each<AmiAction>([{ Action: 'Command', Command: 'core show version' }, { Action: 'Hangup', Channel: 'x' }, { Action: 'QueuePause', Interface: 'x', Paused: 'true' }])(
    'lets the dialer originate and nothing else: $Action is refused',
    async (action) => {
      expect(await ami.action(action)).toMatchObject({ Response: 'Error', Message: 'Permission denied' });
    },
  );

  it('lets the observer read and not act', async () => {
    const { username, password, origin } = new URL(required('ARI_URL'));
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`${origin}/ari/channels?endpoint=Local/5511900000019@carrier&extension=hold&context=campaign`, { method: 'POST', headers: { authorization } });
    expect(answer.status).toBe(403);
  });

  it('is refused by the gate when its number is more than digits', async () => {
    const attemptId = uuidv7();
    const action = originateAction({ attemptId, campaignId, number: '5511900000019', destination: 'hold', ringTimeoutSec: 5, dialBy: Math.floor(Date.now() / 1000) + 60 });
    await ami.action({ ...action, Channel: 'Local/5511900000x019@dial-gate/n' });
    const end = (): CallEvent | undefined => got.find((event) => event.attemptid === attemptId && event.type === 'call.ended');
    await until(() => end() !== undefined);
    expect(end()?.data).toMatchObject({ disposition: 'invalid_number', cause: 28 });
  });

  it.each(['DIAL_BY', 'ATTEMPT_ID'])('is refused by the gate without %s, whoever sends it', async (missing) => {
    const attemptId = uuidv7();
    const dialBy = Math.floor(Date.now() / 1000) + 60;
    const action = originateAction({ attemptId, campaignId, number: '5511900000019', destination: 'hold', ringTimeoutSec: 5, dialBy });
    const kept = (action['Variable'] as string[]).filter((variable) => !variable.includes(`${missing}=`));
    await ami.action({ ...action, Variable: kept });
    const end = (): CallEvent | undefined => got.find((event) => event.attemptid === attemptId && event.type === 'call.ended');
    await until(() => end() !== undefined);
    expect(end()?.data).toMatchObject({ disposition: 'not_placed', cause: 26 });
  });

  it('answers 100 originates at once, each its own, and sees all of them end', async () => {
    const calls = await Promise.all(Array.from({ length: 100 }, () => call('5511900000119')));
    expect(calls.every(({ ended }) => ended.data.disposition === 'answered')).toBe(true);
    expect(originator.unseen).toBe(0);
  }, 20_000);
});
