import fc from 'fast-check';
import { planPool, type AgentPool, type CampaignLoad } from './plan-pool.ts';

const campaign = (over: Partial<CampaignLoad> = {}): CampaignLoad => ({
  campaignId: 'a',
  mode: 'progressive',
  maxChannels: 100,
  impulseFactor: 6,
  maxMultiplier: 20,
  inFlight: 0,
  ordered: 0,
  due: 1000,
  ...over,
});
const pool = (over: Partial<AgentPool> = {}): AgentPool => ({ loggedIn: 10, idle: 10, connected: 0, ageSec: 0.2, ...over });
const n = (...args: Parameters<typeof planPool>) => planPool(...args).map((order) => order.n);

describe('progressive', () => {
  test('one line per idle agent, less what rings, waits or is ordered', () => {
    expect(n([campaign()], pool())).toEqual([10]);
    expect(n([campaign({ inFlight: 4, ordered: 1 })], pool())).toEqual([5]);
    expect(n([campaign({ inFlight: 7 })], pool({ idle: 3, connected: 7 }))).toEqual([3]);
    expect(n([campaign({ inFlight: 30 })], pool())).toEqual([0]);
  });

  test('two campaigns of one pool never dial for the same agent twice', () => {
    expect(n([campaign(), campaign({ campaignId: 'b' })], pool({ idle: 5, loggedIn: 5 }))).toEqual([3, 2]);
    expect(n([campaign({ inFlight: 5 }), campaign({ campaignId: 'b' })], pool({ idle: 5 }))).toEqual([0, 0]);
  });
});

describe('legacy', () => {
  const legacy = (over: Partial<CampaignLoad> = {}) => campaign({ mode: 'legacy', ...over });

  test('min(int(idle × impulse), max_channels), ringing calls subtracted', () => {
    expect(n([legacy()], pool({ idle: 3 }))).toEqual([18]);
    expect(n([legacy({ impulseFactor: 1.5 })], pool({ idle: 3 }))).toEqual([4]);
    expect(n([legacy({ maxChannels: 10 })], pool({ idle: 3 }))).toEqual([10]);
    expect(n([legacy({ inFlight: 8 })], pool({ idle: 3, connected: 2 }))).toEqual([12]);
  });

  test('never above max_multiplier lines per agent', () => {
    expect(n([legacy({ maxMultiplier: 2 })], pool({ loggedIn: 4, idle: 4 }))).toEqual([8]);
    expect(n([legacy({ maxMultiplier: 2, inFlight: 6 })], pool({ loggedIn: 4, idle: 4 }))).toEqual([2]);
  });
});

test('agentless fills its channels and needs no agents', () => {
  const none = pool({ loggedIn: 0, idle: 0, ageSec: null });
  expect(n([campaign({ mode: 'agentless', inFlight: 20, ordered: 10 })], none)).toEqual([70]);
  expect(n([campaign({ mode: 'agentless', due: 3 })], none)).toEqual([3]);
});

test('says why nothing is dialled', () => {
  const reason = (over: Partial<AgentPool>, load = campaign()) => planPool([load], pool(over))[0]?.reason;
  expect(reason({ ageSec: null })).toBe('no agent data from the PBX yet');
  expect(reason({ ageSec: 6.2 })).toBe('agent data 6 s old');
  expect(reason({ ageSec: 5 })).toBe('10 idle of 10 agents');
  expect(reason({}, campaign({ mode: 'agentless', maxChannels: 5 }))).toBe('as many as the limits allow');
  expect(reason({ loggedIn: 0, idle: 0 })).toBe('no agents logged in');
  expect(reason({}, campaign({ due: 0 }))).toBe('no more contacts due');
  expect(reason({}, campaign({ maxChannels: 5, inFlight: 5 }))).toBe('channel limit 5 reached');
});

test('never negative, never above channels, due contacts or free agents, whatever the numbers', () => {
  const small = fc.nat(60);
  const loads = fc.array(
    fc.record({
      mode: fc.constantFrom('progressive', 'legacy', 'agentless' as const),
      maxChannels: fc.integer({ min: 1, max: 60 }),
      impulseFactor: fc.double({ min: 0.1, max: 10, noNaN: true }),
      maxMultiplier: fc.double({ min: 0.1, max: 20, noNaN: true }),
      inFlight: small,
      ordered: small,
      due: small,
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(loads, small, small, fc.double({ min: 0, max: 4, noNaN: true }), (list, idle, busy, ageSec) => {
      const campaigns = list.map((load, index) => campaign({ ...load, campaignId: String(index) } as Partial<CampaignLoad>));
      const orders = planPool(campaigns, { loggedIn: idle + busy, idle, connected: busy, ageSec });
      campaigns.forEach((load, index) => {
        const order = orders[index];
        expect(order?.n).toBeGreaterThanOrEqual(0);
        expect(order?.n).toBeLessThanOrEqual(Math.max(0, load.maxChannels - load.inFlight - load.ordered));
        expect(order?.n).toBeLessThanOrEqual(Math.max(0, load.due - load.ordered));
      });
      const progressive = orders.filter((_, index) => campaigns[index]?.mode === 'progressive');
      expect(progressive.reduce((total, order) => total + order.n, 0)).toBeLessThanOrEqual(idle);
    }),
  );
});
