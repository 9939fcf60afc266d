import { classify } from './disposition.ts';

const nothing = { answeredAt: null, bridgedAt: null, cause: 0, destination: '', inferred: false };

describe('classify', () => {
  it.each([
    ['busy', { cause: 17 }],
    ['no_answer', { cause: 19 }],
    ['no_answer', { cause: 18 }],
    ['congestion', { cause: 34 }],
    ['invalid_number', { cause: 1 }],
    ['invalid_number', { cause: 28 }],
    ['rejected', { cause: 21 }],
    ['not_placed', { cause: 26 }],
    ['failed', { cause: 38 }],
    ['failed', { cause: 0 }],
    ['failed', { cause: 16 }],
    ['answered', { answeredAt: 1, cause: 16, destination: 'hold' }],
    ['answered', { answeredAt: 1, bridgedAt: 2, cause: 16, destination: 'queue-demo' }],
    ['abandoned', { answeredAt: 1, cause: 16, destination: 'queue-demo' }],
    ['answered', { answeredAt: 1, cause: 17 }],
    ['in_doubt', { inferred: true }],
    ['answered', { answeredAt: 1, destination: 'queue-demo', inferred: true }],
  ])('%s: %j', (disposition, facts) => {
    expect(classify({ ...nothing, ...facts })).toBe(disposition);
  });
});
