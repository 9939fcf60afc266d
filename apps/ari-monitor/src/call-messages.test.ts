import { readLegacy } from '@discador/contracts/legacy/legacy-call';
import { CallBook } from '@discador/domain/calls/call-book';
import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import { CAMPAIGN, queueCall } from '@discador/domain/calls/testing/invented-calls';
import { callMessages } from './call-messages.ts';

const messages = (shapes: readonly ('data' | 'payload')[]) => {
  const book = new CallBook();
  return queueCall(1).flatMap((event) => book.apply(event, event.at)).flatMap((effect) => callMessages(callCloudEvent('pbx1', effect), shapes, 7));
};

describe('callMessages', () => {
  it('gives the event alone while nobody reads the old format', () => {
    expect(messages([]).map(({ exchange, routingKey }) => [exchange, routingKey])).toEqual(
      ['dialing', 'ringing', 'answered', 'bridged', 'dtmf', 'ended'].map((what) => ['discador.events', `call.${what}.${CAMPAIGN}`]),
    );
  });

  it('puts the old format right behind its event, each shape on its own exchange', () => {
    expect(messages(['data', 'payload']).map(({ exchange, routingKey }) => `${exchange} ${routingKey.replace(`.${CAMPAIGN}`, '')}`)).toEqual([
      'discador.events call.dialing',
      'discador.legacy dial',
      'discador.legacy.payload dial',
      'discador.events call.ringing',
      'discador.events call.answered',
      'discador.legacy answered-call',
      'discador.legacy.payload answered-call',
      'discador.events call.bridged',
      'discador.events call.dtmf',
      'discador.legacy dtmf',
      'discador.legacy.payload dtmf',
      'discador.events call.ended',
      'discador.legacy finished-call',
      'discador.legacy.payload finished-call',
    ]);
  });

  it('sends each exchange its shape alone', () => {
    for (const { exchange, content } of messages(['data', 'payload'])) {
      const message = JSON.parse(content.toString()) as object;
      if (exchange === 'discador.events') continue;
      expect(Object.keys(message)).toEqual(['operation', exchange === 'discador.legacy' ? 'data' : 'payload']);
      expect(readLegacy(message).data.campaignId).toBe(CAMPAIGN);
    }
  });

  it('gives all ids anew at every replay, no two alike, and keeps the end before others', () => {
    const all = messages(['data', 'payload']);
    expect(messages(['data', 'payload']).map(({ messageId }) => messageId)).toEqual(all.map(({ messageId }) => messageId));
    expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(all.length);
    expect(all.filter(({ important }) => important).map(({ type }) => type)).toEqual(['call.ended', 'finished-call', 'finished-call']);
    expect(all.every(({ mandatory, receivedAt }) => !mandatory && receivedAt === 7)).toBe(true);
  });
});
