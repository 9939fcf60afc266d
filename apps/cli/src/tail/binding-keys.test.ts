import { bindingKeys } from './binding-keys.ts';

const CAMPAIGN = '0198f3a0-0000-7000-8000-0000000000c1';

test.each([
  [[], undefined, ['#']],
  [['call.ended', 'pbx'], undefined, ['call.ended.#', 'pbx.#']],
  [[], CAMPAIGN, [`call.*.${CAMPAIGN}`, `campaign.*.${CAMPAIGN}`, `slice.*.${CAMPAIGN}`]],
  [['call.ended', 'slice'], CAMPAIGN, [`call.ended.${CAMPAIGN}`, `slice.*.${CAMPAIGN}`]],
])('types %j of campaign %s are bound as %j', (types, campaign, keys) => {
  expect(bindingKeys(types, campaign)).toEqual(keys);
});

test('a campaign has no agents', () => {
  expect(() => bindingKeys(['call', 'agent.paused'], CAMPAIGN)).toThrow('agent.paused');
});
