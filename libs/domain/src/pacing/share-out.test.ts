import { callsToStart, createState, type PacingConfig, type PacingEvent, type PacingState } from './index.ts';
import { after, agentsIn, dials, idle } from './testing/drive.ts';

describe('several campaigns of one pool', () => {
  const three = (over: Partial<PacingConfig> = {}): PacingConfig => ({ mode: 'progressive', campaigns: [{ id: 'x', weight: 1 }, { id: 'y', weight: 3 }, { id: 'z', weight: 0 }], ...over });
  const share = (state: PacingState, now = 0) => callsToStart(state, now).byCampaign;

  test('share the calls by weight', () => {
    expect(share(idle(three(), 40))).toEqual({ x: 10, y: 30, z: 0 });
  });

  test('in turn, where there is one call at a time', () => {
    let state = idle(three(), 1);
    const given = { x: 0, y: 0, z: 0 };
    for (let call = 1; call <= 80; call++) {
      const campaignId = Object.entries(share(state, call)).find(([, calls]) => calls === 1)?.[0] as 'x';
      given[campaignId] += 1;
      state = after(state, [...dials(1, call, { from: call, campaignId }), { type: 'ringEnd', at: call + 0.5, callId: `c${call}` }]);
    }
    expect(Math.abs(given.x - 20)).toBeLessThanOrEqual(1);
    expect(given.z).toBe(0);
  });

  test('a full campaign leaves its part to the others', () => {
    expect(share(idle(three({ campaigns: [{ id: 'x', maxChannels: 3 }, { id: 'y' }] }), 20))).toEqual({ x: 3, y: 17 });
  });

  test('the pool’s own channels bound all of them', () => {
    const { n, reason } = callsToStart(idle(three({ maxChannels: 8 }), 20), 0);
    expect({ n, reason }).toEqual({ n: 8, reason: 'progressive: channel limit 8 of the pool reached; progressive: weight 0' });
  });

  test('calls that need no agents take none from the others, nor lines', () => {
    const mixed = three({ campaigns: [{ id: 'x' }, { id: 'y', mode: 'agentless', maxChannels: 30 }], maxMultiplier: 2 });
    expect(share(after(mixed, [...agentsIn(4), ...dials(20, 0, { campaignId: 'y' })]))).toEqual({ x: 4, y: 10 });
  });

  test('the most careful is followed by all, as their callers get the same agents', () => {
    const mixed = three({ campaigns: [{ id: 'x' }, { id: 'y', mode: 'power', linesPerAgent: 3 }] });
    expect(share(idle(mixed, 4))).toEqual({ x: 2, y: 2 });
    expect(callsToStart(idle(mixed, 4), 0).reason).toBe('progressive: 4 idle agents, 0 calls on their way; power: no more than the most careful campaign of the pool');
    expect(share(idle(three({ campaigns: [{ id: 'x', mode: 'preview' }, { id: 'y', mode: 'power', linesPerAgent: 3 }] }), 4))).toEqual({ x: 0, y: 12 });
    const two = three({ mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'y', maxMultiplier: 1 }] });
    expect(callsToStart(idle(two, 4, 0), 0)).toMatchObject({ n: 4, byCampaign: { x: 2, y: 2 } });
  });

  test('near the limit of the law: its turn comes all the same, and the others dial no more than it may', () => {
    const near = after({ mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'y' }] }, [
      ...agentsIn(20),
      ...dials(100, 0, { campaignId: 'y' }),
      ...dials(100, 0).map(({ callId }, index) => ({ type: index < 7 ? ('abandon' as const) : ('callerGone' as const), at: 5, callId })),
      ...dials(99, 6, { from: 201, campaignId: 'x' }),
    ]);
    expect(callsToStart(near, 7)).toMatchObject({ n: 0, reason: expect.stringMatching(/^predictive: .*; progressive: abandonment is near the limit of the law$/) as string });
    const over = after(near, dials(99, 6, { from: 201 }).map(({ callId }) => ({ type: 'ringEnd' as const, at: 8, callId })));
    expect(share(over, 9)).toEqual({ x: 10, y: 10 });
  });

  describe('one that has nothing to dial', () => {
    const CONFIG = three({ campaigns: [{ id: 'x' }, { id: 'y' }] });
    const gaveBack = after(CONFIG, [...agentsIn(6), { type: 'order', at: 0, campaignId: 'x', n: 3 }, { type: 'orderVoid', at: 1, campaignId: 'x', n: 3 }]);

    test('leaves its part to the others, and is asked again every ten seconds', () => {
      expect([1, 10.9].map((now) => share(gaveBack, now))).toEqual([{ x: 0, y: 6 }, { x: 0, y: 6 }]);
      expect(share(gaveBack, 11)).toEqual({ x: 1, y: 5 });
      expect(callsToStart(gaveBack, 1).reason).toBe('progressive: nothing to dial; progressive: 6 idle agents, 0 calls on their way');
    });

    test('asked, it gets one call, once, beyond what it would have the pool dial itself; the longest silent first', () => {
      const config: PacingConfig = { mode: 'power', linesPerAgent: 3, campaigns: [{ id: 'x', mode: 'progressive' }, { id: 'z' }, { id: 'y' }] };
      const empty = (campaignId: string, at: number): PacingEvent[] => [{ type: 'order', at, campaignId }, { type: 'orderVoid', at, campaignId }];
      let state = after(config, [...agentsIn(2), ...empty('x', 0), ...empty('z', 1), ...dials(2, 5, { campaignId: 'y' })]);
      const told = [];
      for (const now of [9, 10, 10, 11, 19, 20, 21, 30]) {
        const decision = callsToStart(state, now);
        told.push([now, decision.byCampaign['x'], decision.byCampaign['z']]);
        state = decision.state;
      }
      expect(told).toEqual([[9, 0, 0], [10, 1, 0], [10, 1, 0], [11, 0, 0], [19, 0, 0], [20, 0, 1], [21, 0, 0], [30, 1, 0]]);
      expect(callsToStart(state, 30).reason).toContain('progressive: 2 idle agents, 2 calls on their way; power: nothing to dial');
    });

    test('gets of what the others cannot take no more than its own mode would have', () => {
      const config: PacingConfig = { mode: 'power', linesPerAgent: 3, campaigns: [{ id: 'x', mode: 'progressive' }, { id: 'y', maxChannels: 2 }] };
      const state = after(config, [...agentsIn(6), { type: 'order', at: 0, campaignId: 'x' }, { type: 'orderVoid', at: 0, campaignId: 'x' }]);
      expect(share(state, 1)).toEqual({ x: 4, y: 2 });
      expect(share(after(state, dials(2, 1, { campaignId: 'y' })), 1)).toEqual({ x: 4, y: 0 });
    });

    test('leaves orders that are lost after a minute, and then is told to dial no more', () => {
      const dead = after(CONFIG, [...agentsIn(6), { type: 'order', at: 0, campaignId: 'x', n: 3 }, { type: 'order', at: 50, campaignId: 'x', n: 1 }]);
      expect([60, 61].map((now) => share(dead, now))).toEqual([{ x: 0, y: 2 }, { x: 0, y: 5 }]);
      expect(callsToStart(dead, 61).state.lines[0]).toMatchObject({ emptySince: 61, orders: [[50, 1]] });
      expect([65, 67].map((now) => callsToStart(dead, now).n)).toEqual([6, 6]);
    });

    test('while its calls ring it may have more', () => {
      const rings = after(CONFIG, [...agentsIn(6), ...dials(1, 0, { campaignId: 'x' }), { type: 'order', at: 1, campaignId: 'x' }, { type: 'orderVoid', at: 1, campaignId: 'x' }]);
      expect(rings.lines[0]?.emptySince).toBeNull();
      const pending = after(CONFIG, [{ type: 'order', at: 1, campaignId: 'x', n: 2 }, { type: 'orderVoid', at: 1, campaignId: 'x' }]);
      expect(pending.lines[0]?.emptySince).toBeNull();
    });

    test('is not asked where it may not dial: in preview, with weight 0, without channels or lines per agent; who may is', () => {
      const empty = (campaignId: string, at: number): PacingEvent[] => [{ type: 'order', at, campaignId }, { type: 'orderVoid', at, campaignId }];
      for (const never of [{ mode: 'preview' }, { weight: 0 }, { maxChannels: 0 }, { maxMultiplier: 0 }] as const) {
        const config: PacingConfig = { mode: 'progressive', campaigns: [{ id: 'x', ...never }, { id: 'z' }, { id: 'y' }] };
        expect(share(after(config, [...agentsIn(3), ...empty('x', 0), ...empty('z', 1)]), 12)).toEqual({ x: 0, z: 1, y: 2 });
      }
    });

    test('alone it keeps its orders for a minute', () => {
      const alone = after({ mode: 'progressive' }, [...agentsIn(3), { type: 'order', at: 0 }, { type: 'orderVoid', at: 0 }, { type: 'order', at: 1, n: 3 }]);
      expect([7, 61, 62].map((now) => callsToStart(alone, now).n)).toEqual([0, 0, 3]);
      const among = after(CONFIG, [...agentsIn(3), { type: 'order', at: 0, campaignId: 'x' }, { type: 'orderVoid', at: 0, campaignId: 'x' }, { type: 'order', at: 1, campaignId: 'x' }]);
      expect([6, 7].map((now) => callsToStart(among, now).n)).toEqual([2, 3]);
    });

    test('makes up for nothing when it dials again', () => {
      const back = after(gaveBack, [...dials(12, 12, { campaignId: 'y' }), ...dials(1, 12, { from: 50, campaignId: 'x' }), ...dials(12, 12).map(({ callId }) => ({ type: 'ringEnd' as const, at: 13, callId }))]);
      expect(share(back, 14)).toEqual({ x: 2, y: 3 });
    });

    test('full, it holds the others with its orders, too; where it never has a line for an agent it holds nobody', () => {
      const full = after({ mode: 'power', linesPerAgent: 3, campaigns: [{ id: 'x', mode: 'progressive', maxChannels: 2 }, { id: 'y' }] }, [...agentsIn(4), { type: 'order', at: 0, campaignId: 'x', n: 2 }]);
      expect(share(full)).toEqual({ x: 0, y: 2 });
      for (const never of [{ mode: 'power', linesPerAgent: 0.5 }, { mode: 'legacy', impulseFactor: 0.5 }, { maxMultiplier: 0.5 }] as const) {
        expect(share(idle({ mode: 'progressive', campaigns: [{ id: 'x', ...never }, { id: 'y' }] }, 1))).toEqual({ x: 0, y: 1 });
        expect(share(idle({ mode: 'progressive', campaigns: [{ id: 'x', ...never }, { id: 'y' }] }, 2))).toMatchObject({ x: 1 });
      }
    });

    test('may leave what it is told to dial: told in five seconds it has nothing, however long they take', () => {
      for (const every of [1, 3]) {
        let state = idle(CONFIG, 6);
        const told = [];
        for (let second = 0; second < 7; second++) {
          const decision = callsToStart(state, second * every);
          expect(callsToStart(decision.state, second * every).byCampaign).toEqual(decision.byCampaign);
          told.push(decision.byCampaign);
          state = decision.state;
        }
        expect(told).toEqual([...Array<unknown>(5).fill({ x: 3, y: 3 }), ...Array<unknown>(2).fill({ x: 3, y: 3 })]);
        const [x, y] = callsToStart(state, 7 * every).state.lines;
        expect([x?.emptySince, y?.emptySince]).not.toContain(null);
      }
    });

    test('has its part again once it dials', () => {
      const dialled = after(gaveBack, [{ type: 'order', at: 11, campaignId: 'x' }, ...dials(1, 12, { campaignId: 'x' })]);
      expect(share(dialled, 12)).toEqual({ x: 1, y: 4 });
    });

    test('gets what the others cannot take', () => {
      expect(share(after({ ...CONFIG, campaigns: [{ id: 'x' }, { id: 'y', maxChannels: 2 }] }, [...agentsIn(6), { type: 'order', at: 0, campaignId: 'x' }, { type: 'orderVoid', at: 0, campaignId: 'x' }]), 1)).toEqual({ x: 4, y: 2 });
      const both = after(gaveBack, [{ type: 'order', at: 1, campaignId: 'y' }, { type: 'orderVoid', at: 1, campaignId: 'y' }]);
      expect(callsToStart(both, 2).n).toBe(6);
    });

    test('holds nobody to its limits', () => {
      const state = after({ mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'old' }] }, [...agentsIn(5), { type: 'order', at: 0, campaignId: 'old' }]);
      const strict = { ...state, budgets: [state.budgets[0]!, { ...state.budgets[1]!, level: -6 }] };
      expect(callsToStart(strict, 0).reason).toContain('of 0.1 % allowed');
      expect(callsToStart(after(strict, [{ type: 'orderVoid', at: 1, campaignId: 'old' }]), 1).reason).toContain('of 2.6 % allowed');
      const waits = after(strict, [...dials(1, 1, { campaignId: 'old' }), { type: 'ringEnd', at: 1, callId: 'c1', answered: true }, { type: 'order', at: 1, campaignId: 'old' }, { type: 'orderVoid', at: 1, campaignId: 'old' }]);
      expect(callsToStart(waits, 1).reason).toContain('of 0.1 % allowed');
      const rings = after(strict, [...dials(1, 1, { campaignId: 'old' }), { type: 'order', at: 1, campaignId: 'old' }, { type: 'orderVoid', at: 1, campaignId: 'old' }]);
      expect(callsToStart(rings, 1).reason).toContain('of 0.1 % allowed');
    });

    test('keeps no turn that it did not use', () => {
      const turns = after(CONFIG, [...agentsIn(6), { type: 'order', at: 0, campaignId: 'x', n: 4 }, { type: 'orderVoid', at: 0, campaignId: 'x', n: 4 }, ...dials(1, 0, { campaignId: 'x' })]);
      expect(share(turns)).toEqual({ x: 0, y: 5 });
    });
  });

  test('those that need no agents share the pool’s channels by weight, and have none for a weight of 0', () => {
    const agentless = (weights: number[]): PacingConfig => ({ mode: 'agentless', maxChannels: 40, campaigns: weights.map((weight, index) => ({ id: `${index}`, weight, maxChannels: 100 })) });
    expect(share(createState(agentless([1, 3])))).toEqual({ 0: 10, 1: 30 });
    expect(share(createState(agentless([1, 0])))).toEqual({ 0: 40, 1: 0 });
    expect(callsToStart(createState({ mode: 'agentless', maxChannels: 1e9 }), 0).n).toBe(10_000);
  });

  test('answers tell less about the risk where a more careful campaign, or channels, allow fewer calls than it does', () => {
    const heldBack = (config: PacingConfig): boolean => callsToStart(idle(config, 5), 0).state.heldBack;
    expect(heldBack({ mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'y' }] })).toBe(false);
    expect(heldBack({ mode: 'predictive', maxChannels: 3 })).toBe(true);
    const state = idle({ mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'y', mode: 'progressive' }] }, 5);
    expect(callsToStart(state, 0).state.heldBack).toBe(false);
    expect(callsToStart({ ...state, budgets: state.budgets.map((budget) => ({ ...budget, bucket: 1, level: 1 })) }, 0).state.heldBack).toBe(true);
  });

  test('none may dial: weight 0, or no channels', () => {
    const none = three({ mode: 'predictive', campaigns: [{ id: 'x', weight: 0 }, { id: 'y', maxChannels: 0 }] });
    expect(callsToStart(idle(none, 5), 0)).toMatchObject({ n: 0, reason: 'predictive: weight 0; predictive: channel limit 0 reached' });
  });

  test('the strictest campaign’s budget holds for all', () => {
    const config: PacingConfig = { mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'y' }] };
    const state = idle(config, 5);
    const strict = { ...state, budgets: [state.budgets[0]!, { ...state.budgets[1]!, level: -6 }] };
    expect(callsToStart(strict, 0).reason).toContain('of 0.1 % allowed');
  });
});
