import { callsToStart, createState, type CampaignFields, type PacingConfig, type PacingEvent, type PacingState } from './index.ts';
import { after, agentsIn, answeredRounds, dials } from './testing/drive.ts';

const decide = (state: PacingState, now = 0) => {
  const { n, reason, alarm } = callsToStart(state, now);
  return alarm ? { n, reason, alarm } : { n, reason };
};
const idle = (config: PacingConfig, agents: number, calls = 0): PacingState => after(config, [...agentsIn(agents), ...dials(calls, 0)]);

describe('modes', () => {
  test('preview: agents ask for their calls', () => {
    expect(decide(idle({ mode: 'preview' }, 5))).toEqual({ n: 0, reason: 'preview: agents ask for their calls themselves' });
  });

  test('progressive: one line per idle agent', () => {
    expect(decide(idle({ mode: 'progressive' }, 5, 2))).toEqual({ n: 3, reason: 'progressive: 5 idle agents, 2 calls on their way' });
    expect(decide(idle({ mode: 'progressive' }, 5, 9)).n).toBe(0);
  });

  test('power: fixed lines per idle agent', () => {
    expect(decide(idle({ mode: 'power', linesPerAgent: 2.5 }, 3, 2))).toEqual({ n: 5, reason: 'power: 2.5 lines for each of 3 idle agents, 2 calls on their way' });
  });

  test('legacy: min(int(idle × impulse_factor), max_channels), ringing calls subtracted, within max_multiplier lines per agent', () => {
    expect(decide(idle({ mode: 'legacy', maxChannels: 100 }, 3, 4)).n).toBe(14);
    expect(decide(idle({ mode: 'legacy', maxChannels: 100, impulseFactor: 1.5 }, 3)).n).toBe(4);
    expect(decide(idle({ mode: 'legacy', maxChannels: 10 }, 3)).n).toBe(10);
    expect(decide(idle({ mode: 'legacy', maxChannels: 100, maxMultiplier: 2 }, 3, 1))).toEqual({ n: 5, reason: 'legacy: limit of 2 lines per agent reached' });
  });

  test('agentless: its channels, and no agents needed', () => {
    const state = after({ mode: 'agentless', maxChannels: 30 }, [...dials(4, 0), { type: 'order', at: 0, n: 6 }]);
    expect(decide(state)).toEqual({ n: 20, reason: 'agentless: channel limit 30 reached' });
  });

  test('predictive: knowing nothing, one line per agent', () => {
    // 0.8 of the calls are taken to be answered: five calls for five agents cannot go wrong, the sixth would with 0.8 ** 5 = 0.33.
    expect(decide(idle({ mode: 'predictive' }, 5))).toEqual({ n: 5, reason: 'predictive: 0.0 % risk of 2.6 % allowed with 5 idle agents, 0.0 more soon, 0.0 answers to come' });
  });

  test('predictive: who waits already has taken an agent, who was ordered may be answered', () => {
    const waiting = after({ mode: 'predictive' }, [...agentsIn(5), ...dials(2, 0), ...dials(2, 0).map(({ callId }) => ({ type: 'ringEnd' as const, at: 0, callId, answered: true }))]);
    expect(decide(waiting).n).toBe(3);
    expect(decide(after({ mode: 'predictive' }, [...agentsIn(5), { type: 'inbound', at: 0, callId: 'in' }])).n).toBe(4);
    const ordered = decide(after({ mode: 'predictive' }, [...agentsIn(5), { type: 'order', at: 0, n: 2 }]));
    expect(ordered).toMatchObject({ n: 3, reason: expect.stringContaining(' 1.6 answers to come') as string });
  });

  describe('predictive: agents count who come free', () => {
    /** All of them have just begun to wrap up, which is taken to end with 1/15 a second; who answers does so at one age. */
    const freeing = (agents: number, answerAge: number): number => {
      const events = dials(agents, 0).flatMap((call, index): PacingEvent[] => {
        const who = { at: 0, callId: call.callId, agentId: `a${index + 1}` };
        return [call, { type: 'connect', ...who }, { type: 'talkEnd', ...who }];
      });
      const state = after({ mode: 'predictive' }, [...agentsIn(agents), ...events]);
      const answers = state.ringTables.answers.map((_, age) => (age === answerAge ? 1 : 0));
      return Number(/agents, (.*) more soon/.exec(callsToStart({ ...state, ringTables: { ...state.ringTables, answers } }, 0).reason)?.[1]);
    };
    const within = (agents: number, sec: number): number => agents * (1 - Math.exp(-sec / 15));

    test('until people answer: 3 s to be dialled, the age at which they do, and three quarters of two seconds of grace', () => {
      expect(freeing(40, 4)).toBeCloseTo(within(40, (3 + 4.5) * (40 / 41.75) + 1.5), 1);
      expect(freeing(40, 20)).toBeCloseTo(within(40, (3 + 20.5) * (40 / 41.75) + 1.5), 1);
    });

    test('in a small pool for less long', () => {
      expect(freeing(3, 9)).toBeCloseTo(within(3, (3 + 9.5) * (3 / 4.75) + 1.5), 1);
    });

    test('with the shortest grace of the pool’s campaigns', () => {
      const soon = (graces: number[]): number => {
        const state = after({ mode: 'predictive', campaigns: graces.map((graceSec, index) => ({ id: `${index}`, graceSec })) }, agentsIn(1));
        const wrapping = after(state, [{ type: 'connect', at: 0, callId: 'c', agentId: 'a1' }, { type: 'talkEnd', at: 0, callId: 'c', agentId: 'a1' }]);
        return Number(/agents, (.*) more soon/.exec(callsToStart(wrapping, 0).reason)?.[1]);
      };
      expect(soon([40, 1])).toBe(soon([1, 1]));
      expect(soon([40, 1])).toBeLessThan(soon([40, 40]));
    });

    test('but not who leaves after this call', () => {
      const wrapping = after({ mode: 'predictive' }, [...agentsIn(2), ...answeredRounds(1).slice(0, 4)]);
      const leaving = after(wrapping, [{ type: 'agentLeaving', at: 70, agentId: 'a1' }]);
      expect(callsToStart(wrapping, 70).reason).toMatch(/1 idle agents, 0\.[1-9] more soon/);
      expect(callsToStart(leaving, 70).reason).toContain('1 idle agents, 0.0 more soon');
    });
  });

  /** Agents whose calls of the last minutes had so many abandonments above the limit: of five agents 5.5 may be. */
  const aboveLimit = (hits: number, budget: Partial<PacingState['budgets'][number]> = {}, agents = 5): PacingState => {
    const calm = after({ mode: 'predictive' }, agentsIn(agents));
    return { ...calm, budgets: [{ ...calm.budgets[0]!, ...budget, quarter: { slot: 0, total: 0, hits, past: [] } }] };
  };

  test('predictive: the nearer a quarter of an hour comes to what it may abandon, the less is risked', () => {
    expect(decide(aboveLimit(1.65)).reason).toContain('of 2.6 % allowed');
    expect(decide(aboveLimit(3.575)).reason).toContain('of 0.6 % allowed');
    expect(decide(aboveLimit(5.5)).reason).toContain('of 0.0 % allowed');
    expect(callsToStart(aboveLimit(5.5), 930).reason).toContain('of 2.6 % allowed');
  });

  test('predictive: of a large pool, from a fifth of that on', () => {
    const allowed = (above: number): string | undefined => /of (.*) % allowed/.exec(decide(aboveLimit(above, { bucket: 1 }, 100)).reason)?.[1];
    expect([0, 3, 9, 15].map(allowed)).toEqual(['4.7', '4.7', '1.1', '0.0']);
  });

  test('predictive: the calm before a burst is no credit', () => {
    const burst = aboveLimit(3.575);
    const quarter = { slot: 20, total: 0, hits: 3.575, past: [[0, 300, 0]] as [number, number, number][] };
    expect(callsToStart({ ...burst, budgets: [{ ...burst.budgets[0]!, quarter }] }, 310).reason).toContain('of 0.6 % allowed');
  });

  test('predictive: no more than could be lost, should people answer as at best, and never fewer than agents are idle', () => {
    const bold = (above: number): PacingState => aboveLimit(above, { level: 4, bucket: 1 }, 60);
    expect(decide(bold(0))).toMatchObject({ n: 63, reason: expect.stringMatching(/; no more, as people may answer better again$/) as string });
    expect(decide(bold(1)).n).toBe(62);
    expect(decide(bold(40)).n).toBe(60);
    expect(callsToStart(bold(0), 0).state.heldBack).toBe(true);
    expect(callsToStart(aboveLimit(0), 0).state.heldBack).toBe(false);
  });

  describe('predictive: no more than could be lost, should chance have three times as many answer,', () => {
    /** A tenth answers, all at the age of 5 s, and always has; whatever the risk. 60 calls ring. */
    const ringing = (agents: number, above = 0, scale = 1): PacingState => {
      const { ringTables, ...state } = after(aboveLimit(above, { level: 4, bucket: 1 }, agents), dials(60, 0));
      const ages = ringTables.seen.map((_, age) => age);
      const certain = ringTables.moods.usual.map((_, mood) => (mood === 10 ? 1 : 0));
      const moods = { ...ringTables.moods, usual: certain, older: certain, scales: ages.map(() => scale) };
      return { ...state, ringTables: { ...ringTables, seen: ages.map(() => 1000), answers: ages.map((age) => (age === 5 ? 100 : 0)), otherEnds: ages.map(() => 0), moods } };
    };

    test('in a small pool', () => {
      // 0.3 × (60 + 12) is the first beyond 20 and 1.5
      expect(decide(ringing(20))).toMatchObject({ n: 12, reason: expect.stringMatching(/; no more, as chance may have many answer at once$/) as string });
      expect(decide(ringing(19)).n).toBe(8);
      expect(decide(ringing(40)).n).toBe(94); // beyond 40 and 6
    });

    test('less by what the quarter of an hour has lost above the limit, and never fewer than agents are idle', () => {
      expect([1, 1.5, 4].map((above) => decide(ringing(20, above)).n)).toEqual([9, 7, 7]);
    });

    test('more where agents come free soon', () => {
      const wrapping = agentsIn(3).flatMap(({ agentId }): PacingEvent[] => [{ type: 'connect', at: 0, callId: `w${agentId}`, agentId }, { type: 'talkEnd', at: 0, callId: `w${agentId}`, agentId }]);
      // Of three who wrap up 1.39 within 9.3 s: 0.3 × (60 + 7) is the first beyond 17, 1.39 and 1.5
      expect(decide(after(ringing(20), wrapping)).n).toBe(7);
    });

    test('however little is expected of a lull', () => {
      expect(decide(ringing(20, 0, 0.3)).n).toBe(12);
    });

    test('which answers tell no less about the risk', () => {
      expect(callsToStart(ringing(20), 0).state.heldBack).toBe(false);
    });
  });

  test('predictive: tells the risk of the last call placed, or of the one that was not', () => {
    const state = (calls: number): PacingState => after({ mode: 'predictive' }, [...agentsIn(1), ...dials(calls, 0)]);
    const risk = (calls: number, level: number): string | undefined => {
      const { budgets, ...rest } = state(calls);
      return /predictive: (.*) risk/.exec(callsToStart({ ...rest, budgets: [{ ...budgets[0]!, bucket: 1, level }] }, 0).reason)?.[1];
    };
    // One agent, 0.8 of the calls answered: the second call runs a risk of 0.8, the third of 0.96.
    expect([risk(0, -2), risk(0, 2), risk(2, -2)]).toEqual(['0.0 %', '80.0 %', '96.0 %']);
  });

  test('predictive: once few are seen to answer, several lines per agent', () => {
    const state = after({ mode: 'predictive' }, [
      ...agentsIn(3),
      ...dials(200, 0),
      ...Array.from({ length: 200 }, (_, index) => ({ type: 'ringEnd' as const, at: 5 + index / 10, callId: `c${index + 1}`, answered: index % 20 === 0 })),
      ...Array.from({ length: 10 }, (_, index) => ({ type: 'callerGone' as const, at: 26, callId: `c${index * 20 + 1}` })),
    ]);
    expect(decide(state, 30).n).toBeGreaterThan(6);
  });
});

test.each([Number.NaN, Infinity, 1.8e18])('%p is no time', (now) => {
  expect(() => callsToStart(idle({ mode: 'power' }, 3), now)).toThrow('now must be a time in seconds');
});

describe('when not to trust the own mode', () => {
  const power = (over: CampaignFields = {}): PacingState => idle({ mode: 'power', ...over }, 4);
  const confirmed = (mode: 'power' | 'legacy' | 'progressive'): PacingState => after({ mode }, [...agentsIn(4), { type: 'agentData', at: 0 }]);

  test('agent data of 2 s is good, older is progressive, older than 5 s starts nothing', () => {
    expect(decide(confirmed('power'), 2).n).toBe(8);
    expect(decide(confirmed('power'), 3)).toEqual({ n: 4, reason: 'progressive: agent data 3 s old' });
    expect(decide(confirmed('power'), 5).n).toBe(4);
    expect(decide(confirmed('power'), 5.6)).toEqual({ n: 0, reason: 'none: agent data 6 s old' });
    expect(decide(confirmed('legacy'), 4).n).toBe(10);
    expect(decide(confirmed('progressive'), 5.6).n).toBe(0);
    const again = (...times: number[]): PacingState => after(confirmed('power'), times.map((at) => ({ type: 'agentData', at })));
    expect(decide(again(4), 6).n).toBe(8);
    expect(decide(again(4, 3), 6).n).toBe(8);
  });

  test('where nobody ever confirms agents, their own events are the truth', () => {
    expect(decide(power(), 600).n).toBe(8);
  });

  test('no agents, no calls', () => {
    expect(decide(createState({ mode: 'predictive' }))).toEqual({ n: 0, reason: 'none: no agents logged in' });
  });

  test('a new leader is progressive until it has the state', () => {
    const state = after(createState({ mode: 'power' }, { restoring: true }), agentsIn(4));
    expect(decide(state)).toEqual({ n: 4, reason: "progressive: the former leader's state is not here yet" });
  });

  test('where no caller may be abandoned: progressive', () => {
    expect(decide(power({ abandonLimit: 0 }))).toEqual({ n: 4, reason: 'progressive: no caller may be abandoned' });
  });

  const abandoned = (answers: number, abandons: number): PacingState =>
    after({ mode: 'power' }, [
      ...agentsIn(4),
      ...dials(answers, 0),
      ...Array.from({ length: answers }, (_, index) => [
        { type: 'ringEnd' as const, at: 9, callId: `c${index + 1}`, answered: true },
        { type: index < abandons ? ('abandon' as const) : ('callerGone' as const), at: 11, callId: `c${index + 1}` },
      ]).flat(),
    ]);

  test('2.95 % of the answers abandoned: progressive', () => {
    expect(decide(abandoned(1000, 30), 12)).toEqual({ n: 4, reason: 'progressive: abandonment is near the limit of the law' });
    expect(decide(abandoned(1000, 29), 12).n).toBe(8);
  });

  test('… of few answers, once four people more were abandoned than is steered for', () => {
    expect(decide(abandoned(999, 30), 12).n).toBe(8);
    expect(decide(abandoned(999, 31), 12).n).toBe(4);
    expect(decide(abandoned(100, 7), 12).n).toBe(4);
    expect(decide(abandoned(100, 6), 12).n).toBe(8);
  });

  describe('silence', () => {
    const heard = after({ mode: 'power', linesPerAgent: 5 }, [...agentsIn(20), ...answeredRounds(10)]);
    const unheard = after(heard, dials(60, 900));

    test('no answer where more than ten were expected: stop and alarm', () => {
      expect(decide(unheard, 905).n).toBe(40);
      expect(decide(unheard, 926)).toEqual({ n: 0, reason: expect.stringMatching(/^stopped: no answer was heard where 2\d were expected$/) as string, alarm: true });
    });

    test('… for ten seconds at least: where many answer, ten are missed by chance', () => {
      const answered = { type: 'ringEnd', at: 911, callId: 'c1', answered: true } as const;
      const missed = { ...after(unheard, [answered]), silence: 10.1 };
      expect([20.9, 21].map((sec) => decide(missed, 900 + sec).alarm)).toEqual([undefined, true]);
      expect(decide({ ...missed, silence: 9 }, 921).alarm).toBeUndefined();
    });

    test('is not made longer by calls that end unanswered, once it is known how many answer', () => {
      const { silence } = after(unheard, [{ type: 'agentData', at: 910 }]);
      expect(silence).toBeGreaterThan(1);
      expect(after(unheard, dials(60, 900).map(({ callId }) => ({ type: 'ringEnd' as const, at: 910, callId }))).silence).toBe(silence);
    });

    test('goes on with the first answer heard', () => {
      expect(decide(after(unheard, [{ type: 'ringEnd', at: 926, callId: 'c1', answered: true }]), 927).n).toBe(40);
    });

    test('tries a single call a minute later, when nothing rings any more', () => {
      const over = after(unheard, dials(60, 900).map(({ callId }) => ({ type: 'ringEnd' as const, at: 928, callId })));
      expect(decide(over, 930).n).toBe(0);
      expect(decide(over, 990)).toMatchObject({ n: 1, alarm: true });
      const since = over.stoppedAt!;
      expect([59, 60].map((sec) => decide(over, since + sec).n)).toEqual([0, 1]);
      const allOut = after(over, agentsIn(20).map(({ agentId }): PacingEvent => ({ type: 'connect', at: 930, callId: `with ${agentId}`, agentId })));
      expect(decide(allOut, 990).n).toBe(0);
      expect(decide(after(over, [{ type: 'dial', at: 990, callId: 'try' }]), 991).n).toBe(0);
    });

    test('is noticed too when no answer was heard from the beginning', () => {
      const unanswered = (calls: number): PacingState => after({ mode: 'power' }, [...agentsIn(1), ...dials(calls, 0), ...dials(calls, 0).map(({ callId }) => ({ type: 'ringEnd' as const, at: 28, callId }))]);
      expect(decide(unanswered(199), 30).n).toBe(2);
      expect(decide(unanswered(202), 30)).toMatchObject({ n: 0, alarm: true });
      const failed = after({ mode: 'power' }, [...agentsIn(1), ...dials(202, 0), ...dials(202, 0).map(({ callId }) => ({ type: 'ringEnd' as const, at: 2, callId }))]);
      expect(decide(failed, 3).alarm).toBe(true);
    });
  });
});

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
