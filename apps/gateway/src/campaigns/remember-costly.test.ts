import { rememberCostly } from './remember-costly.ts';

/** A question whose answers take 200 ms of the test's own clock. */
function costly() {
  let now = 1000;
  let found = 0;
  const ask = rememberCostly(async (key) => {
    await Promise.resolve();
    now += 200;
    found += 1;
    if (key === 'fails') throw new Error('away');
    return `${key}${found}`;
  }, 10, () => now);
  return { ask, pass: (ms: number) => (now += ms), found: () => found };
}

test('an answer that took 200 ms is good for 2 s', async () => {
  const { ask, pass } = costly();
  expect(await ask('a')).toBe('a1');
  pass(1999);
  expect(await ask('a')).toBe('a1');
  expect(await ask('b')).toBe('b2');
  pass(1);
  expect(await ask('a')).toBe('a3');
});

test('those who ask at once share one answer; a failure is not kept', async () => {
  const { ask, found } = costly();
  expect(await Promise.all([ask('a'), ask('a'), ask('a')])).toEqual(['a1', 'a1', 'a1']);
  await expect(ask('fails')).rejects.toThrow('away');
  await expect(ask('fails')).rejects.toThrow('away');
  expect(found()).toBe(3);
});
