import { callEventSchemas } from '@discador/contracts/events/call-events';
import { routingKeyOf } from '@discador/contracts/events/catalogue';
import { CallBook } from './call-book.ts';
import { callCloudEvent } from './call-cloud-event.ts';
import { at, channel } from './testing/foreign-channels.ts';
import { attemptId, CAMPAIGN, queueCall } from './testing/invented-calls.ts';

function eventsOf(n: number) {
  const book = new CallBook();
  return queueCall(n).flatMap((event) => book.apply(event, event.at)).map((effect) => callCloudEvent('pbx1', effect));
}

describe('callCloudEvent', () => {
  it('fits the contract for every type', () => {
    const events = eventsOf(1);
    expect(events.map(({ type }) => type)).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'call.bridged', 'call.dtmf', 'call.ended']);
    for (const event of events) expect(callEventSchemas[event.type].parse(event)).toEqual(event);
  });

  it('routes by type and campaign', () => {
    expect(routingKeyOf(eventsOf(1).at(-1)!)).toBe(`call.ended.${CAMPAIGN}`);
  });

  it('gives the same ids at every replay, and others to other calls', () => {
    const ids = (n: number): string[] => eventsOf(n).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(new Set([...ids(1), ...ids(2)]).size).toBe(12);
  });

  it('carries the whole summary and the disposition at the end', () => {
    expect(eventsOf(1).at(-1)).toMatchObject({
      attemptid: attemptId(1),
      campaignid: CAMPAIGN,
      inferred: false,
      data: { disposition: 'answered', cause: 16, dtmf: '9', billMs: 5_003, durationMs: 6_003, to: '5511900000001', direction: 'outbound', route: 'external' },
    });
  });

  it('fits the contract for calls that are not ours, which have no attempt and no campaign', () => {
    const caller = channel('pbx1-1.1', `PJSIP/trunk-${'0'.repeat(200)}`, { state: 'Ring', callerNumber: '9'.repeat(200), exten: '5000' });
    const desk = channel('pbx1-1.2', 'PJSIP/1001-00000002');
    const book = new CallBook();
    const events = [
      at(0).created(caller), at(1).dial(caller, desk), at(2).dial(caller, { ...desk, state: 'Ringing' }, 'RINGING'), at(3).up(caller), at(4).bridge(desk, caller),
      at(5).hold(desk), at(6).unhold(desk), at(7).dtmf(caller, '1'), at(8).dtmf(caller, '1'), at(9).transfer(desk, '1002'), at(10).gone(desk), at(11).gone(caller),
    ].flatMap((event) => book.apply(event, event.at)).map((effect) => callCloudEvent('pbx1', effect));
    expect(events.map(({ type }) => type.slice(5))).toEqual(['received', 'dialing', 'ringing', 'answered', 'bridged', 'held', 'unheld', 'dtmf', 'dtmf', 'transferred', 'ended']);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const event of events) {
      expect(callEventSchemas[event.type].parse(event)).toEqual(event);
      expect(event).toMatchObject({ subject: 'pbx1-1.1', data: { callId: 'pbx1-1.1', direction: 'inbound', route: 'external', to: '5000' } });
      expect(event).not.toHaveProperty('attemptid');
      expect(routingKeyOf(event)).toBe(`${event.type}.none`);
    }
  });
});
