import { attemptFromCel, hangupCause } from './attempt-from-cel.ts';
import type { AttemptEvidence } from './cel-record.ts';

const ID = '0192a3b4-5c6d-7e8f-9a0b-1c2d3e4f5061';
const hangup = (cause: number) => JSON.stringify({ hangupcause: cause, hangupsource: '', dialstatus: '' });
const record = (eventType: string, half: string, at: number, extra = ''): AttemptEvidence => ({ eventType, at, extra, channelId: `${ID};${half}` });

const ANSWERED = [
  record('CHAN_START', '1', 100),
  record('CHAN_START', '2', 101),
  record('ANSWER', '2', 200),
  record('ANSWER', '1', 201),
  record('BRIDGE_ENTER', '1', 300),
  record('HANGUP', '2', 400, hangup(16)),
  record('CHAN_END', '2', 400),
  record('HANGUP', '1', 402, hangup(16)),
  record('CHAN_END', '1', 402),
];

describe('attemptFromCel', () => {
  it('tells an answered call that an agent took', () => {
    expect(attemptFromCel(ID, ANSWERED)).toEqual({
      attemptId: ID, started: true, startedAt: 101, refusedByGate: false, answeredAt: 200, bridgedAt: 300, endedAt: 402, cause: 16, starts: 1,
    });
  });

  it('does not depend on the order of the records', () => {
    expect(attemptFromCel(ID, ANSWERED.toReversed())).toEqual(attemptFromCel(ID, ANSWERED));
  });

  it('has not ended while one half lives', () => {
    const lives = ANSWERED.filter((one) => !(one.eventType === 'CHAN_END' && one.channelId.endsWith(';1')));
    expect(attemptFromCel(ID, lives).endedAt).toBeNull();
  });

  it('sees the gate refuse', () => {
    const refused = [record('CHAN_START', '2', 1), record('HANGUP', '2', 2, hangup(26)), record('CHAN_END', '2', 2)];
    expect(attemptFromCel(ID, refused)).toMatchObject({ started: true, refusedByGate: true, endedAt: 2 });
  });

  it('takes the other half for a cause that the dialled one lacks', () => {
    const records = [record('HANGUP', '2', 2, hangup(0)), record('HANGUP', '1', 2, hangup(19))];
    expect(attemptFromCel(ID, records).cause).toBe(19);
    expect(attemptFromCel(ID, [record('HANGUP', '2', 2, hangup(0))]).cause).toBe(0);
  });

  it('counts an attempt that was dialled twice', () => {
    expect(attemptFromCel(ID, [record('CHAN_START', '2', 1), record('CHAN_START', '2', 9)])).toMatchObject({ starts: 2, startedAt: 1 });
  });

  it('knows nothing from the records of other channels', () => {
    const other = [{ ...record('CHAN_START', '2', 1), channelId: 'pbx1-1795224653.28' }, { ...record('ANSWER', '2', 1), channelId: `${ID.replace('0192', '0193')};2` }];
    expect(attemptFromCel(ID, other)).toEqual({
      attemptId: ID, started: false, startedAt: null, refusedByGate: false, answeredAt: null, bridgedAt: null, endedAt: null, cause: null, starts: 0,
    });
  });
});

describe('hangupCause', () => {
  it.each([['', null], ['{}', null], ['{"hangupcause":17', 17], ['{"hangupcause": 34,"x":1}', 34], ['{"hangupcause":"x"}', null]])('%s → %s', (extra, cause) => {
    expect(hangupCause(extra)).toBe(cause);
  });
});
