import { CALL_EVENT_TYPES, callEventSchemas, type CallEvent } from '@discador/contracts/events/call-events';
import { LEGACY_SHAPES, readLegacy, toShape } from '@discador/contracts/legacy/legacy-call';
import { toLegacyCall } from './to-legacy-call.ts';

const ATTEMPT = '019aa3f0-1111-7000-8000-000000000001';
const CAMPAIGN = '019aa3f0-2222-7000-8000-000000000002';
const base = { callId: ATTEMPT, direction: 'outbound', from: '1130001000', to: '5511900000001', startedAt: '2026-11-21T10:00:00.000Z' };
const more: Partial<Record<CallEvent['type'], object>> = {
  'call.answered': { ringMs: 900 },
  'call.bridged': { peer: 'PJSIP/1001-1', waitMs: 10 },
  'call.held': { channel: 'PJSIP/1001-1' },
  'call.unheld': { channel: 'PJSIP/1001-1' },
  'call.dtmf': { digit: '9' },
  'call.transferred': { kind: 'blind', by: 'PJSIP/1001-1', target: '1002' },
  'call.ended': {
    answeredAt: '2026-11-21T10:00:01.000Z',
    endedAt: '2026-11-21T10:00:07.999Z',
    durationMs: 7_999,
    billMs: 6_999,
    cause: 16,
    disposition: 'answered',
    dtmf: '9',
  },
};

function event(type: CallEvent['type'], changes: object = {}): CallEvent {
  return callEventSchemas[type].parse({
    specversion: '1.0',
    id: '6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c11',
    source: 'discador:pbx:pbx1',
    type,
    subject: ATTEMPT,
    time: '2026-11-21T10:00:03.500Z',
    datacontenttype: 'application/json',
    pbx: 'pbx1',
    attemptid: ATTEMPT,
    campaignid: CAMPAIGN,
    inferred: false,
    data: { ...base, ...more[type] },
    ...changes,
  }) as CallEvent;
}

const common = {
  callId: ATTEMPT,
  origin: '1130001000',
  destiny: '5511900000001',
  direction: 'outbound',
  pbx: 'pbx1',
  campaignId: CAMPAIGN,
  attemptId: ATTEMPT,
  startedAt: '2026-11-21T10:00:00.000Z',
};

describe('toLegacyCall', () => {
  it.each([
    ['call.received', 'received-call', {}],
    ['call.dialing', 'dial', {}],
    ['call.answered', 'answered-call', { answeredAt: '2026-11-21T10:00:03.500Z' }],
    ['call.dtmf', 'dtmf', { digit: '9', pressedAt: '2026-11-21T10:00:03.500Z' }],
    [
      'call.ended',
      'finished-call',
      { answeredAt: '2026-11-21T10:00:01.000Z', endedAt: '2026-11-21T10:00:07.999Z', duration: 7, billsec: 6, cause: 16, disposition: 'answered' },
    ],
  ] as const)('says %s as %s', (type, operation, data) => {
    expect(toLegacyCall(event(type))).toEqual({ operation: { type: operation }, data: { ...common, ...data } });
  });

  it('says nothing of what the old format has no word for', () => {
    const silent = CALL_EVENT_TYPES.filter((type) => toLegacyCall(event(type)) === null);
    expect(silent).toEqual(['call.ringing', 'call.bridged', 'call.held', 'call.unheld', 'call.transferred']);
  });

  it('leaves out what a call has not: campaign, attempt, answer', () => {
    const unanswered = { ...base, ...more['call.ended'], answeredAt: undefined, billMs: 0, disposition: 'busy' };
    const ended = toLegacyCall(event('call.ended', { attemptid: undefined, campaignid: undefined, data: unanswered }));
    expect(Object.keys(ended?.data ?? {})).toEqual(['callId', 'origin', 'destiny', 'direction', 'pbx', 'startedAt', 'endedAt', 'duration', 'billsec', 'cause', 'disposition']);
  });

  it.each(LEGACY_SHAPES)('is read back from its shape with %s', (shape) => {
    for (const type of CALL_EVENT_TYPES) {
      const legacy = toLegacyCall(event(type));
      if (legacy) expect(readLegacy(JSON.parse(JSON.stringify(toShape(legacy, shape))))).toEqual(legacy);
    }
  });
});
