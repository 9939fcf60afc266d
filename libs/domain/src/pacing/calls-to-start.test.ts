import { callsToStart, createState, type CampaignFields, type PacingEvent, type PacingState } from './index.ts';
import { after, agentsIn, answeredRounds, dials, idle } from './testing/drive.ts';

const decide = (state: PacingState, now = 0) => {
  const { n, reason, alarm } = callsToStart(state, now);
  return alarm ? { n, reason, alarm } : { n, reason };
};

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
