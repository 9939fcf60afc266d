import { BLOCK_SIZE, MAX_PBX, OFFSET, SERVICE_NAMES, maxReplicas, nextBase, pbxPorts, preferredBase, servicePort } from './port-block.ts';

describe('preferredBase', () => {
  it('is the same at every run and on a block boundary between 20000 and 31900', () => {
    for (let n = 0; n < 500; n += 1) {
      const base = preferredBase(`/home/someone/checkout-${n}`);
      expect(base).toBe(preferredBase(`/home/someone/checkout-${n}`));
      expect(base % BLOCK_SIZE).toBe(0);
      expect(base).toBeGreaterThanOrEqual(20_000);
      expect(base).toBeLessThanOrEqual(31_900);
    }
  });

  it('tells two checkouts apart', () => {
    expect(preferredBase('/srv/a/.discador')).not.toBe(preferredBase('/srv/b/.discador'));
  });
});

describe('nextBase', () => {
  it('visits every block once before it comes back', () => {
    const seen = new Set<number>();
    for (let base = 25_000; !seen.has(base); base = nextBase(base)) seen.add(base);
    expect(seen.size).toBe(120);
  });
});

it('gives no port of a block twice', () => {
  const used: number[] = Object.values(OFFSET).filter((offset) => offset !== OFFSET.gateway);
  used.push(8, 9); // SIPp in tests
  for (let n = 1; n <= MAX_PBX; n += 1) used.push(...Object.values(pbxPorts(0, n)));
  for (const name of SERVICE_NAMES) for (let n = 1; n <= maxReplicas(name); n += 1) used.push(servicePort(0, name, n));
  expect(new Set(used).size).toBe(used.length);
  expect(Math.max(...used)).toBeLessThan(BLOCK_SIZE);
});
