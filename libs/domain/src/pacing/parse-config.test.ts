import { DiscadorError } from '@discador/contracts/discador-error';
import { createState, type PacingConfig } from './index.ts';

const fieldOf = (config: unknown): unknown => {
  try {
    createState(config as PacingConfig);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DiscadorError);
    const { code, details, message } = error as DiscadorError;
    expect({ code, named: message.includes(String(details['field'])) }).toEqual({ code: 'invalid_input', named: true });
    return details['field'];
  }
};

test('fills in what is not given', () => {
  expect(createState({ mode: 'predictive' }).campaigns[0]).toMatchObject({ weight: 1, abandonLimit: 0.03, abandonTarget: expect.closeTo(0.0268, 12) as number, graceSec: 2, ringTimeoutSec: 28, maxChannels: null, maxMultiplier: 8 });
  expect(createState({ mode: 'legacy' }).campaigns[0]).toMatchObject({ maxChannels: 10, impulseFactor: 6, maxMultiplier: 20 });
});

test('calls are followed for as long as any campaign lets them ring', () => {
  expect(createState({ mode: 'power', campaigns: [{ id: 'x', ringTimeoutSec: 10 }, { id: 'y', ringTimeoutSec: 60 }] }).ringing).toHaveLength(72);
});

test('no limit may be said by null', () => {
  expect(createState({ mode: 'power', maxChannels: null }).campaigns[0]?.maxChannels).toBeNull();
  expect(createState({ mode: 'power', maxChannels: null, campaigns: [{ id: 'x' }] }).maxChannels).toBeNull();
});

test('campaigns take from the pool what they do not say themselves', () => {
  const { campaigns, maxChannels } = createState({ mode: 'power', graceSec: 1, maxChannels: 50, campaigns: [{ id: 'x' }, { id: 'y', mode: 'predictive', graceSec: undefined, abandonLimit: 0.01 }] });
  expect(maxChannels).toBe(50);
  expect(campaigns).toMatchObject([{ id: 'x', mode: 'power', graceSec: 1, abandonLimit: 0.03 }, { id: 'y', mode: 'predictive', graceSec: 1, abandonLimit: 0.01 }]);
});

test.each([
  [{ mode: 'fast' }, 'mode'],
  [{}, 'mode'],
  [{ mode: 'power', abandonLimit: -0.1 }, 'abandonLimit'],
  [{ mode: 'power', abandonLimit: '3' }, 'abandonLimit'],
  [{ mode: 'power', abandonLimit: Number.NaN }, 'abandonLimit'],
  [{ mode: 'power', abandonTarget: 0.031 }, 'abandonTarget'],
  [{ mode: 'power', ringTimeoutSec: 0 }, 'ringTimeoutSec'],
  [{ mode: 'power', maxChannels: 1.5 }, 'maxChannels'],
  [{ mode: 'power', linesPerAgent: Infinity }, 'linesPerAgent'],
  [{ mode: 'power', legalPreset: 'mars' }, 'legalPreset'],
  [{ mode: 'power', legalPreset: 'us', abandonLimit: 0.05 }, 'abandonLimit'],
  [null, 'config'],
  [{ mode: 'power', campaigns: [] }, 'campaigns'],
  [{ mode: 'power', campaigns: {} }, 'campaigns'],
  [{ mode: 'power', campaigns: [{ id: 'x' }, null] }, 'campaigns[1]'],
  [{ mode: 'power', campaigns: [{ id: '' }] }, 'campaigns[0].id'],
  [{ mode: 'power', campaigns: [{ id: 7 }] }, 'campaigns[0].id'],
  [{ mode: 'power', maxChannels: -1, campaigns: [{ id: 'x', maxChannels: 1 }] }, 'maxChannels'],
  [{ mode: 'power', campaigns: [{ id: 'x' }, { id: 'x' }] }, 'campaigns[1].id'],
  [{ mode: 'power', campaigns: [{ id: 'x', weight: -1 }] }, 'campaigns[0].weight'],
  [{ mode: 'power', campaigns: [{ id: 'x', graceSec: 99 }] }, 'campaigns[0].graceSec'],
])('%j is refused by the name of its field', (config, field) => {
  expect(fieldOf(config)).toBe(field);
});
