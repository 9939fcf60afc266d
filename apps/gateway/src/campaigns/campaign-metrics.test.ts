import { campaignMetrics, type MeasuredCampaign } from './campaign-metrics.ts';
import { share, totalsOf } from './campaign-view.ts';

const measured = (values: Partial<MeasuredCampaign> = {}): MeasuredCampaign => ({
  campaignId: '0193d1f0-0000-7000-8000-000000000000', now: 0, counters: new Map(), contactsByStatus: new Map(), inFlight: 0, answeredNow: null,
  recent: { calls: 0, overSec: 0 }, ...values,
});

test('nothing counted yet: zeros, and null where one would divide by nothing', () => {
  expect(campaignMetrics(measured())).toMatchObject({
    at: '1970-01-01T00:00:00.000Z', contacts: { total: 0 }, attempts: { total: 0 }, callsPerHour: 0, averageCallTimeSec: null, successRate: null,
  });
});

test('average call time counts the abandoned too: they were answered', () => {
  const counters = new Map([['disposition:answered', 3], ['disposition:abandoned', 1], ['talk_ms', 100_000], ['attempts', 9], ['processed', 8], ['successful', 3]]);
  expect(campaignMetrics(measured({ counters }))).toMatchObject({ averageCallTimeSec: 25, attempts: { total: 9 }, successRate: 0.375 });
});

test.each([
  [{ calls: 1, overSec: 0.5 }, 60],
  [{ calls: 100, overSec: 120 }, 3000],
  [{ calls: 6000, overSec: 300 }, 72_000],
])('pace of %j is %d an hour', (recent, perHour) => {
  expect(campaignMetrics(measured({ recent })).callsPerHour).toBe(perHour);
});

test('totals: what is left is never negative', () => {
  expect(totalsOf(new Map([['contacts', 4], ['processed', 3], ['successful', 1]]))).toEqual({ contacts: 4, processed: 3, successful: 1, remaining: 1, successRate: 0.3333 });
  expect(totalsOf(new Map([['processed', 3]])).remaining).toBe(0);
  expect(share(0, 0)).toBeNull();
});
