import { callEventSchemas } from '@discador/contracts/events/call-events';
import { routingKeyOf } from '@discador/contracts/events/catalogue';
import { CallBook } from './call-book.ts';
import { callCloudEvent } from './call-cloud-event.ts';
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
      data: { disposition: 'answered', cause: 16, dtmf: '9', billMs: 5_003, durationMs: 6_003, to: '5511900000001', direction: 'outbound' },
    });
  });
});
