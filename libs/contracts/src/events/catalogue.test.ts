import { EVENT_TYPES, parseEvent, routingKeyOf, type DiscadorEvent } from './catalogue.ts';

const CAMPAIGN = '0198f3a0-0000-7000-8000-0000000000c1';
const about = (type: string, extensions: object, data: object): object => ({
  specversion: '1.0', id: '6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c11', source: 'discador:pbx:pbx1', type, subject: 'x', time: '2026-11-21T10:00:00.000Z',
  datacontenttype: 'application/json', ...extensions, data,
});
const call = { callId: '1795218171.18', direction: 'inbound', from: '1001', to: '1002', startedAt: '2026-11-21T10:00:00.000Z' };

test.each([
  ['call.held.none', about('call.held', { pbx: 'pbx1', inferred: false }, { ...call, channel: 'PJSIP/1001-00000001' })],
  [`call.dialing.${CAMPAIGN}`, about('call.dialing', { pbx: 'pbx1', inferred: false, campaignid: CAMPAIGN }, call)],
  ['agent.paused.PJSIP_1001', about('agent.paused', { pbx: 'pbx1' }, { agent: 'PJSIP/1001', queue: 'sales', reason: 'lunch' })],
  ['queue.joined.sales_br', about('queue.joined', { pbx: 'pbx1' }, { queue: 'sales.br', callId: 'x', waiting: 1 })],
  ['extension.status.1001', about('extension.status', { pbx: 'pbx1' }, { extension: '1001', status: 'busy', before: 'idle', at: '2026-11-21T10:00:00.000Z' })],
  [`campaign.started.${CAMPAIGN}`, about('campaign.started', { campaignid: CAMPAIGN }, { campaignId: CAMPAIGN, name: 'x' })],
  [`slice.issued.${CAMPAIGN}`, about('slice.issued', { campaignid: CAMPAIGN }, { sliceId: CAMPAIGN, campaignId: CAMPAIGN, term: 1, quota: 20 })],
  ['pbx.disconnected.pbx1', about('pbx.disconnected', { pbx: 'pbx1' }, { reason: 'reset' })],
])('%s is the key of an event about it', (key, message) => {
  expect(routingKeyOf(parseEvent(message))).toBe(key);
});

test('an event of an unknown type is refused by name, and one with a wrong field too', () => {
  expect(() => parseEvent(about('call.sung', {}, {}))).toThrow('type');
  expect(() => parseEvent(about('call.received', { pbx: 'pbx1', inferred: false }, { ...call, direction: 'up' }))).toThrow('direction');
});

test('attributes of later versions are dropped, not refused', () => {
  const parsed: DiscadorEvent = parseEvent(about('pbx.disconnected', { pbx: 'pbx1', later: 1 }, { reason: 'reset', more: 2 }));
  expect(parsed).not.toHaveProperty('later');
  expect(parsed.data).toEqual({ reason: 'reset' });
});

test('each type is of one of the families that a consumer can bind to', () => {
  expect(new Set(EVENT_TYPES.map((type) => type.split('.')[0]))).toEqual(new Set(['call', 'agent', 'queue', 'extension', 'campaign', 'slice', 'pbx']));
});
