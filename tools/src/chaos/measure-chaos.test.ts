import { faultLog } from './measure-chaos.ts';
import type { ChaosRun, DoneFault } from './run-chaos.ts';

const AT = Date.parse('2026-11-21T05:00:30.000Z');

const fault = (target: DoneFault['planned']['target'], over: Partial<DoneFault> = {}, isolated = true): DoneFault =>
  ({ planned: { kind: 'kill', target, isolated }, at: AT, pid: 7, signal: 'SIGKILL', inFlight: 40, leader: false, backAt: null, detail: null, ...over });

/** Ten calls a second, but none while `hole` (ms from the fault). */
function log(faults: DoneFault[], hole: [number, number] = [0, 0]) {
  const invites = Array.from({ length: 600 }, (_, i) => ({ at: AT - 30_000 + i * 100, number: '', callId: String(i) })).filter(({ at }) => at <= AT + hole[0] || at >= AT + hole[1]);
  return faultLog({ faults, invites } as unknown as ChaosRun);
}

test.each([
  ['campaign-worker', 'campaign-worker'],
  ['discador-master->redis', 'discador-master'],
  ['asterisk', 'Asterisk, AMI, ARI'],
  ['campaign-worker->asterisk', 'Asterisk, AMI, ARI'],
  ['postgres', 'postgres'],
  ['gateway', null],
  ['record-shipper->postgres', null],
] as const)('a fault at %s alone counts with %s', (target, group) => {
  expect(log([fault(target)])[0]?.group).toBe(group);
});

test('a fault with others near it gives no time of recovery', () => {
  expect(log([fault('campaign-worker', {}, false)])[0]).toMatchObject({ group: null, recoveredMs: null, counted: true });
});

test('a hole in the calls is counted from the fault, and from a server’s return', () => {
  expect(log([fault('discador-master')], [0, 2_500])[0]?.recoveredMs).toBe(2_500);
  expect(log([fault('redis', { backAt: AT + 2_000 })], [0, 3_500])[0]?.recoveredMs).toBe(1_500);
});

test('dialling that does not come back has no time', () => {
  expect(log([fault('discador-master')], [0, 60_000])[0]?.recoveredMs).toBeNull();
});
