import { patchErrors, transition, type CampaignCommand, type CampaignState } from './campaign-rules.ts';

const campaign = (state: Partial<CampaignState> = {}) => ({ status: 'draft', mode: 'progressive', queue: 'sales', trunk: 'default', ...state }) as const;

test.each<[CampaignState['status'], CampaignCommand, string]>([
  ['draft', 'start', 'active'], ['paused', 'start', 'active'], ['active', 'start', 'active'], ['finished', 'start', 'refused'],
  ['active', 'pause', 'paused'], ['paused', 'pause', 'paused'], ['draft', 'pause', 'refused'], ['finished', 'pause', 'refused'],
  ['active', 'finish', 'finished'], ['paused', 'finish', 'finished'], ['finished', 'finish', 'finished'], ['draft', 'finish', 'refused'],
])('%s + %s → %s', (status, command, result) => {
  const step = transition(campaign({ status }), command);
  expect('to' in step ? step.to : 'refused').toBe(result);
});

test('start needs a queue unless agentless, and a mode that is offered', () => {
  expect(transition(campaign({ queue: null }), 'start')).toMatchObject({ refused: expect.stringContaining('queue') });
  expect(transition(campaign({ queue: null, mode: 'agentless' }), 'start')).toEqual({ to: 'active' });
  expect(transition(campaign({ mode: 'power' }), 'start')).toMatchObject({ refused: expect.stringContaining('comes later') });
});

test('mode, queue and trunk are fixed while active; saying what already is changes nothing', () => {
  const active = campaign({ status: 'active' });
  expect(patchErrors(active, { mode: 'legacy', queue: 'other', trunk: 'second' }).map((error) => error.field)).toEqual(['mode', 'queue', 'trunk']);
  expect(patchErrors(active, { mode: 'progressive', queue: 'sales', trunk: 'default', maxChannels: 5 })).toEqual([]);
  expect(patchErrors(campaign({ status: 'paused' }), { mode: 'agentless', queue: null })).toEqual([]);
  expect(patchErrors(campaign({ mode: 'agentless', queue: null }), { mode: 'legacy' })).toMatchObject([{ field: 'queue', code: 'required' }]);
});
