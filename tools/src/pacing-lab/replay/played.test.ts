import { campaignRecord } from '../testing/campaign-record.ts';
import { replay } from './replay.ts';

test('a replay counts from the first second of the record on: a call each half minute until the agent leaves', () => {
  const [, played] = replay(campaignRecord(), [{ mode: 'progressive' }], 1).outcomes;
  expect(played).toEqual({ mode: 'progressive', dials: 5, answers: 5, abandons: 0, abandonment: 0, occupancy: 83.3, talks: 5 });
});

test('talks are the answers that got an agent, in the record and played', () => {
  const answered = Array.from({ length: 3 }, () => ({ at: 0, sec: 5 }));
  const [was, played] = replay(campaignRecord({ answered, talksSec: [20, 20], abandons: 1 }), [{ mode: 'power', linesPerAgent: 2 }], 1).outcomes;
  expect(was).toMatchObject({ dials: 3, answers: 3, abandons: 1, abandonment: 33.33, talks: 2 });
  expect(played).toMatchObject({ dials: 10, answers: 10, abandons: 5, abandonment: 50, talks: 5 });
});
