import type { ReplicaStatus } from '@discador/contracts/http/system';
import { replicaStatus, serverStates, systemStatus } from './system-status.ts';

const replica = (values: Partial<ReplicaStatus> = {}): ReplicaStatus => ({
  app: 'discador-master', replica: '1', pid: 1, uptimeSec: 1, ready: true, waitingFor: [], details: {}, startedAt: '2026-01-01T00:00:00.000Z', answered: true, ...values,
});
const up = [{ name: 'redis', up: true, reason: null }];
const status = (replicas: ReplicaStatus[] | undefined, servers = up) => systemStatus({ now: 0, servers, pbxs: [], replicas });

test('the leader says why nothing is dialled', () => {
  const leader = replica({ leader: true, note: 'leads, term 3; no campaign is active' });
  expect(status([replica({ replica: '2', leader: false }), leader])).toMatchObject({ ready: true, leader: '1', note: 'leads, term 3; no campaign is active' });
});

test('nobody leads: the note says it, with what a master knows about it', () => {
  expect(status([])).toMatchObject({ ready: false, leader: null, note: 'nothing is dialled: no master is running' });
  expect(status([replica({ leader: false, note: 'the lock is held by another' })])).toMatchObject({
    ready: false, note: 'nothing is dialled: no master leads (the lock is held by another)',
  });
  expect(status([replica({ answered: false, ready: false, waitingFor: ['no answer within 1 s'] })]).note).toContain('no answer within 1 s');
  expect(status(undefined).note).toContain('Redis is away');
});

test('one server or one replica that is not ready makes the system not ready', () => {
  const leader = replica({ leader: true });
  expect(status([leader], [{ name: 'redis', up: false, reason: 'connection lost' }] as never).ready).toBe(false);
  expect(status([leader, replica({ app: 'campaign-worker', ready: false })]).ready).toBe(false);
});

test('servers out of what is waited for', () => {
  expect(serverStates(['redis', 'postgres'], ['redis: connection lost: twice', 'redis lock server 1: x'])).toEqual([
    { name: 'redis', up: false, reason: 'connection lost: twice' },
    { name: 'postgres', up: true, reason: null },
  ]);
});

test('an answer that cannot be understood is none', () => {
  const word = { app: 'a', replica: '1', pid: 7, startedAt: '2026-01-01T00:00:00.000Z', at: 0, rpcQueue: 'q' };
  const now = Date.parse('2026-01-01T00:01:00.000Z');
  for (const answer of [undefined, null, 'x', { ready: true }]) {
    expect(replicaStatus(word, answer, 1000, now)).toMatchObject({ answered: false, ready: false, uptimeSec: 60, waitingFor: ['no answer within 1 s'] });
  }
  expect(replicaStatus(word, { app: 'a', replica: '1', pid: 7, uptimeSec: 60, ready: true, waitingFor: [], details: { n: 1 } }, 1000, now)).toMatchObject({ answered: true, ready: true });
});
