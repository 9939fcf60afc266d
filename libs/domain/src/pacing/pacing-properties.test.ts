import fc from 'fast-check';
import { apply, callsToStart, createState, type DialMode, type PacingConfig, type PacingEvent, type PacingEventType, type PacingState } from './index.ts';
import { held } from './lines.ts';
import { frozen } from './testing/drive.ts';

/** What holds for any campaigns and any events, in whatever order and however often they come. */

const MODES: readonly DialMode[] = ['preview', 'progressive', 'power', 'predictive', 'agentless', 'legacy'];
const TYPES: readonly PacingEventType[] = ['dial', 'ringEnd', 'connect', 'callerGone', 'abandon', 'talkEnd', 'wrapEnd', 'agentIn', 'agentOut', 'agentLeaving', 'agentData', 'order', 'orderVoid', 'inbound'];

const limits = { maxChannels: fc.option(fc.nat(40), { nil: undefined }), linesPerAgent: fc.nat(4), impulseFactor: fc.nat(8), maxMultiplier: fc.integer({ min: 1, max: 9 }), abandonLimit: fc.double({ min: 0, max: 0.1, noNaN: true }) };
const single: fc.Arbitrary<PacingConfig> = fc.record({ mode: fc.constantFrom(...MODES), ...limits });
const shared: fc.Arbitrary<PacingConfig> = fc.record({
  mode: fc.constantFrom(...MODES),
  maxChannels: limits.maxChannels,
  campaigns: fc.tuple(...['x', 'y', 'z'].map((id) => fc.record({ id: fc.constant(id), mode: fc.constantFrom(...MODES), weight: fc.nat(5), ...limits }))),
});
const configs = fc.oneof(single, shared);

/** Few ids, so that most events meet a call or an agent that is there; some meet none. */
const steps = fc.array(
  fc.record({
    type: fc.oneof({ arbitrary: fc.constantFrom(...TYPES), weight: 3 }, { arbitrary: fc.constantFrom<PacingEventType>('dial', 'ringEnd', 'connect', 'agentIn'), weight: 4 }),
    afterSec: fc.oneof(fc.constant(0), fc.double({ min: -2, max: 15, noNaN: true })),
    callId: fc.nat(30).map((id) => `c${id}`),
    agentId: fc.nat(9),
    campaignId: fc.constantFrom('x', 'y', 'z', 'nobody', undefined),
    answered: fc.boolean(),
    n: fc.integer({ min: -1, max: 9 }),
  }),
  { maxLength: 80 },
);

interface Story {
  config: PacingConfig;
  events: PacingEvent[];
  now: number;
}

const stories: fc.Arbitrary<Story> = fc.tuple(configs, steps, fc.double({ min: 0, max: 8, noNaN: true })).map(([config, list, later]) => {
  let at = 1_000;
  const events = list.map(({ afterSec, ...event }): PacingEvent => ({ ...event, at: (at += afterSec) }));
  return { config, events, now: at + later };
});

const play = ({ config, events }: Story, step: (state: PacingState) => PacingState = (state) => state): PacingState => events.reduce((state, event) => step(apply(state, event)), createState(config));
const throughJson = (state: PacingState): PacingState => JSON.parse(JSON.stringify(state)) as PacingState;
const decided = (state: PacingState, now: number) => {
  const { n, byCampaign, reason, alarm } = callsToStart(state, now);
  return { n, byCampaign, reason, alarm };
};

test('no call above any limit, none below nothing, and the sum is the sum', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { n, byCampaign, state } = callsToStart(play(story), story.now);
      let all = 0;
      state.campaigns.forEach(({ id, maxChannels, weight, mode }, index) => {
        const share = byCampaign[id] ?? -1;
        all += share;
        expect(Number.isInteger(share) && share >= 0).toBe(true);
        if (share > 0) expect(share).toBeLessThanOrEqual((maxChannels ?? Infinity) - held(state.lines[index]!));
        if (weight === 0 && mode !== 'agentless') expect(share).toBe(0);
      });
      expect(all).toBe(n);
      if (n > 0) expect(n).toBeLessThanOrEqual((state.maxChannels ?? Infinity) - state.lines.reduce((sum, lines) => sum + held(lines), 0));
    }),
  );
});

test('never more lines per agent than allowed, and none without agents, but where none are needed', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { byCampaign, state } = callsToStart(play(story), story.now);
      const needing = state.campaigns.map(({ mode }) => mode !== 'agentless');
      const lines = state.lines.reduce((sum, line, index) => sum + (needing[index] === false ? 0 : held(line)), 0);
      const given = state.campaigns.reduce((sum, { id }, index) => sum + (needing[index] ? (byCampaign[id] ?? 0) : 0), 0);
      const most = Math.max(...state.campaigns.map(({ maxMultiplier }, index) => (needing[index] ? maxMultiplier : 0)));
      if (given > 0) expect(lines + given).toBeLessThanOrEqual(most * state.agents.size);
    }),
  );
});

test('one more idle agent never means fewer calls', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { state } = callsToStart(play(story), story.now);
      const more = apply(state, { type: 'agentIn', at: story.now, agentId: 'one more' });
      expect(callsToStart(more, story.now).n).toBeGreaterThanOrEqual(callsToStart(state, story.now).n);
    }),
  );
});

test('a state that went through JSON decides the same', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const state = play(story);
      expect(throughJson(state)).toEqual(state);
      expect(decided(play(story, throughJson), story.now)).toEqual(decided(state, story.now));
    }),
  );
});

test('nothing that was given is changed', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const state = play({ ...story, config: frozen(story.config), events: frozen(story.events) }, frozen);
      expect(decided(frozen(state), story.now)).toEqual(decided(play(story), story.now));
    }),
  );
});

test('an event told twice is told once', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const twice = story.events.flatMap((event) => (event.type.startsWith('order') ? [event] : [event, event]));
      expect(decided(play({ ...story, events: twice }), story.now)).toEqual(decided(play(story), story.now));
    }),
  );
});

test('lines are those of the calls that are there', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { calls, lines, ringing, campaigns } = play(story);
      const known = calls.shelves.flatMap((shelf) => (shelf ?? []).flatMap((place) => place ?? []));
      expect(ringing.reduce((sum, number) => sum + number, 0)).toBe(known.filter(({ phase, campaign }) => phase === 'ringing' && campaigns[campaign]?.mode !== 'agentless').length);
      lines.forEach((line, index) => {
        const own = known.filter(({ campaign }) => campaign === (index < campaigns.length ? index : -1));
        for (const phase of ['ringing', 'waiting', 'talking'] as const) expect(line[phase]).toBe(own.filter((call) => call.phase === phase).length);
      });
      expect(ringing.every((number) => number >= 0)).toBe(true);
    }),
  );
});
