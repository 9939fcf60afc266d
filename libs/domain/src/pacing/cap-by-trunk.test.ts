import { capByTrunk, type TrunkUse } from './cap-by-trunk.ts';
import { proportions } from './proportion.ts';

const use = (campaignId: string, over: Partial<TrunkUse> = {}): TrunkUse => ({ campaignId, trunk: 't', trunkRate: 20, ordered: 0, ...over });
const cap = (list: [number, TrunkUse][]) => capByTrunk(list.map(([n, { campaignId }]) => ({ campaignId, n, reason: '' })), list.map(([, one]) => one)).map((order) => order.n);

test('no more than a second of the rate on order, shared in proportion', () => {
  expect(cap([[15, use('a')]])).toEqual([15]);
  expect(cap([[50, use('a')]])).toEqual([20]);
  expect(cap([[50, use('a', { ordered: 18 })]])).toEqual([2]);
  expect(cap([[30, use('a')], [10, use('b')]])).toEqual([15, 5]);
  expect(cap([[30, use('a')], [30, use('b', { trunk: 'u', trunkRate: 5 })]])).toEqual([20, 5]);
  expect(cap([[30, use('a', { ordered: 40 })]])).toEqual([0]);
});

test('of several rates told for a trunk the lowest holds, and it is said why', () => {
  expect(cap([[30, use('a', { trunkRate: 8.2 })], [30, use('b')]])).toEqual([5, 4]);
  const orders = [{ campaignId: 'a', n: 30, reason: 'idle' }, { campaignId: 'b', n: 0, reason: 'no more contacts due' }];
  expect(capByTrunk(orders, [use('a', { trunkRate: 8 }), use('b', { trunkRate: 8 })])).toEqual([{ campaignId: 'a', n: 8, reason: 'trunk t takes 8 calls per second' }, orders[1]]);
  expect(capByTrunk(orders, [use('a'), use('b', { trunk: 'u' })])[1]).toEqual(orders[1]);
});

test('proportions are whole and exact', () => {
  expect(proportions(10, [1, 1, 1])).toEqual([3, 4, 3]);
  expect(proportions(5, [0, 0])).toEqual([0, 0]);
});
