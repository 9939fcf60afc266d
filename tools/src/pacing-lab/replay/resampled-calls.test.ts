import { campaignRecord } from '../testing/campaign-record.ts';
import { ResampledCalls } from './resampled-calls.ts';

const calls = (n: number, at: number, sec = 5) => Array.from({ length: n }, () => ({ at, sec }));

test('each quarter of an hour has its own answer rate, mixed with 50 calls of the whole record', () => {
  const drawn = new ResampledCalls(campaignRecord({ seconds: 1800, answered: calls(100, 899), unanswered: calls(100, 900) }), 1);
  // (100 + 25) of (100 + 50) in the first, (0 + 25) of (100 + 50) in the second; what comes after the record is as its end.
  expect([0, 899, 900, 1799, 1800].map((at) => drawn.answerRate(at))).toEqual([125 / 150, 125 / 150, 25 / 150, 25 / 150, 25 / 150]);
});

test('rings, talks and wrap-ups are drawn from those that were', () => {
  const record = campaignRecord({ answered: calls(50, 0, 4), unanswered: calls(50, 0, 28), talksSec: [30, 90] });
  const drawn = new ResampledCalls({ ...record, agents: { ...record.agents, wrapUpsSec: [7, 11] } }, 1);
  const times = Array.from({ length: 40 }, () => [drawn.ringSec(0), drawn.talkSec(), drawn.wrapUpSec()]);
  const seen = (column: number): unknown[] => [...new Set(times.map((time) => time[column]))].sort();
  expect([seen(0), seen(1), seen(2)]).toEqual([[-28, 4], [30, 90], [11, 7]]);
});
