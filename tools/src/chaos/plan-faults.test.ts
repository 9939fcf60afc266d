import { LEADERS, SERVERS, planFaults, planOnce, type PlannedFault } from './plan-faults.ts';
import type { Process, Server } from './types.ts';

function first(n: number, seed: number): PlannedFault[] {
  const plan = planFaults(seed);
  return Array.from({ length: n }, () => plan.next().value);
}

const share = (faults: PlannedFault[], which: (fault: PlannedFault) => boolean): number => faults.filter(which).length / faults.length;
const atServer = ({ target }: PlannedFault): boolean => SERVERS.includes(target as Server);
const atLeader = ({ target }: PlannedFault): boolean => LEADERS.includes(target.split('->')[0] as Process);

test.each([1, 2, 3, 99])('seed %i: enough at leaders, few at servers, every fourth alone', (seed) => {
  const faults = first(160, seed);
  expect(share(faults, atServer)).toBeLessThanOrEqual(0.2);
  expect(share(faults, atLeader)).toBeGreaterThanOrEqual(1 / 3);
  expect(faults.map((fault, index) => fault.isolated === (index % 4 === 3))).not.toContain(false);
});

test('hits every server and every process, in every way', () => {
  const faults = first(320, 7);
  const seen = new Set(faults.map(({ kind, target }) => `${kind} ${target}`));
  for (const server of SERVERS) for (const kind of ['kill', 'stop', 'restart', 'cut', 'half-open']) expect(seen).toContain(`${kind} ${server}`);
  for (const process of [...LEADERS, 'campaign-worker']) for (const kind of ['kill', 'stop', 'restart']) expect(seen).toContain(`${kind} ${process}`);
  expect(seen).toContain('flush redis');
  expect(seen).toContain('delay campaign-worker->asterisk');
  expect(faults.filter(({ isolated }) => isolated).map(({ target }) => target.split('->')[0])).toEqual(expect.arrayContaining([...SERVERS, ...LEADERS, 'campaign-worker']));
});

test('the same seed plans the same, another seed something else', () => {
  expect(first(64, 5)).toEqual(first(64, 5));
  expect(first(64, 5)).not.toEqual(first(64, 6));
});

test('the short plan has each kind of fault', () => {
  expect(new Set(planOnce(1).map(({ kind }) => kind))).toEqual(new Set(['kill', 'stop', 'restart', 'cut', 'half-open', 'flush', 'delay']));
});
