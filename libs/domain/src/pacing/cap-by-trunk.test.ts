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

test('proportions are whole and exact', () => {
  expect(proportions(10, [1, 1, 1])).toEqual([3, 4, 3]);
  expect(proportions(5, [0, 0])).toEqual([0, 0]);
});
