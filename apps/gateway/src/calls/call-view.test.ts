import { callState, callView, type CallRow } from './call-view.ts';

const at = (sec: number) => new Date(sec * 1000);
const row: CallRow = {
  attempt_id: 'a', campaign_id: 'c', contact_id: 'k', caller_id: null, phone: '+5511987654321', disposition: null, cause: null, claimed_at: at(10),
  started_at: null, ringing_at: null, answered_at: null, bridged_at: null, ended_at: null, pbx: 'pbx1', trunk: 'default', worker_id: 'w', slice_id: 's',
  inferred: false, in_doubt: false,
};

test('a call goes from placing over ringing and connected to finished', () => {
  expect(callState(row)).toBe('placing');
  expect(callState({ ...row, ringing_at: at(11) })).toBe('ringing');
  expect(callState({ ...row, ringing_at: at(11), answered_at: at(12) })).toBe('connected');
  expect(callState({ ...row, answered_at: at(12), ended_at: at(13) })).toBe('finished');
});

test('durations are counted from start and from answer; two clocks that disagree give 0', () => {
  expect(callView(row)).toMatchObject({ startedAt: '1970-01-01T00:00:10.000Z', durationSec: null, talkSec: null });
  expect(callView({ ...row, started_at: at(11), answered_at: at(15), ended_at: at(20.5) })).toMatchObject({ durationSec: 9.5, talkSec: 5.5 });
  expect(callView({ ...row, ended_at: at(9) })).toMatchObject({ durationSec: 0, talkSec: null });
});
