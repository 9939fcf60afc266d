import { type ProcessSpec, RANK, fingerprint } from './process-spec.ts';
import { type Supervised, decideActions, isSettled } from './reconcile.ts';

const spec = (id: string, rank: number = RANK.service, configHash = ''): ProcessSpec => ({
  id, kind: 'service', name: id, replica: 1, rank, argv: [id], env: {}, cwd: '/', runAs: null,
  stopSignal: 'SIGTERM', stopTimeoutMs: 1000, leftovers: [], configHash,
});
const running = (of: ProcessSpec, status: Supervised['status'] = 'running', retryAt = 0): Supervised => ({
  id: of.id, rank: of.rank, fingerprint: fingerprint(of), status, retryAt,
});
const summary = (wanted: ProcessSpec[], present: Supervised[], now = 0): string[] =>
  decideActions(wanted, present, now).map((action) => `${action.type} ${action.type === 'start' ? action.spec.id : action.id}`);

describe('decideActions', () => {
  it('starts what is missing, servers before services', () => {
    expect(summary([spec('worker'), spec('redis', RANK.server)], [])).toEqual(['start redis', 'start worker']);
  });

  it('leaves alone what runs as wanted', () => {
    expect(summary([spec('worker')], [running(spec('worker'))])).toEqual([]);
  });

  it('restarts a dead process only when its delay is over', () => {
    const waiting = running(spec('worker'), 'waiting', 500);
    expect(summary([spec('worker')], [waiting], 499)).toEqual([]);
    expect(summary([spec('worker')], [waiting], 500)).toEqual(['start worker']);
  });

  it('starts a dead process at once when its configuration changed', () => {
    expect(summary([spec('worker', RANK.service, 'new')], [running(spec('worker'), 'waiting', 9000)])).toEqual(['start worker']);
  });

  it('stops a process whose configuration changed and does not start the next before it is gone', () => {
    const changed = spec('pbx1', RANK.pbx, 'new');
    expect(summary([changed], [running(spec('pbx1', RANK.pbx))])).toEqual(['stop pbx1']);
    expect(summary([changed], [running(spec('pbx1', RANK.pbx), 'stopping')])).toEqual([]);
  });

  it('stops services, then PBXs, then servers', () => {
    const [worker, pbx, redis] = [spec('worker'), spec('pbx1', RANK.pbx), spec('redis', RANK.server)];
    expect(summary([], [worker, pbx, redis].map((one) => running(one)))).toEqual(['stop worker']);
    expect(summary([], [running(worker, 'stopping'), running(pbx), running(redis)])).toEqual([]);
    expect(summary([], [running(pbx), running(redis)])).toEqual(['stop pbx1']);
    expect(summary([], [running(redis)])).toEqual(['stop redis']);
  });

  it('forgets a dead process that is no longer wanted', () => {
    expect(summary([], [running(spec('worker'), 'waiting', 9000)])).toEqual(['forget worker']);
  });
});

describe('isSettled', () => {
  const [old, fresh] = [spec('worker'), spec('worker', RANK.service, 'new')];

  it('is true when all that is wanted was started', () => {
    expect(isSettled([old], [running(old)])).toBe(true);
    expect(isSettled([old], [running(old, 'waiting', 9000)])).toBe(true);
  });

  it('is false while an older process goes, has gone, or one is too many', () => {
    expect(isSettled([fresh], [running(old)])).toBe(false);
    expect(isSettled([fresh], [running(old, 'stopping')])).toBe(false);
    expect(isSettled([fresh], [])).toBe(false);
    expect(isSettled([], [running(old)])).toBe(false);
  });
});
