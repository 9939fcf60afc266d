import { parseEvent } from '@discador/contracts/events/catalogue';
import type { DeskEffect } from '@discador/domain/agents/desk-effect';
import { deskCloudEvent } from './desk-cloud-event.ts';

const ringing: DeskEffect = {
  type: 'agent.status', data: { agent: 'PJSIP/1001', queue: 'sales', status: 'ringing', before: 'idle' },
  attemptId: null, atMs: 1_795_255_200_000, occasion: '1795255200.000250', inferred: false,
};

test('is an event of the contract, however long the names are', () => {
  const long = 'x'.repeat(300);
  const events = [ringing, { ...ringing, data: { agent: long, queue: long, reason: long }, type: 'agent.paused' }, { ...ringing, type: 'queue.joined', data: { queue: long, callId: long, waiting: 1 }, inferred: true }] as DeskEffect[];
  for (const event of events.map((effect) => deskCloudEvent('pbx1', effect))) expect(parseEvent(event)).toEqual(event);
});

test('its id tells PBX, agent, queue, status and occasion apart, and nothing else', () => {
  const id = (change: Partial<DeskEffect> = {}, pbx = 'pbx1'): string => deskCloudEvent(pbx, { ...ringing, ...change } as DeskEffect).id;
  const data = ringing.data as object;
  expect(id({ atMs: 0, inferred: true, data: { ...data, before: 'busy' } as DeskEffect['data'] })).toBe(id());
  const others = [id({}, 'pbx2'), id({ occasion: '1795255200.000251' }), ...['agent', 'queue', 'status'].map((name) => id({ data: { ...data, [name]: 'other' } as DeskEffect['data'] }))];
  expect(new Set([id(), ...others]).size).toBe(6);
});
