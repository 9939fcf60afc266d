import { CallBook } from '@discador/domain/calls/call-book';
import type { CallEffect, EndedEffect } from '@discador/domain/calls/call-state';
import { classify } from '@discador/domain/calls/disposition';
import { channelEvents, recordedLines, recordedStreams } from '../testing/recorded-stream.ts';
import { parseAriEvent } from './ari-event.ts';

// Worked out by hand from the recordings: transitions (repeatable ones with what they say), direction and route at the end, from > to,
// cause, disposition, and what the talk lasted in ms.
type Expected = readonly [transitions: string, where: string, numbers: string, cause: number, disposition: string, billMs: number];

const CALLER = '5511988887777';
const TALK = 'received dialing ringing answered bridged';

const EXPECTED: Readonly<Record<string, readonly Expected[]>> = {
  'attended-transfer': [[`${TALK} dtmf:* dtmf:2 held:PJSIP/1001 dtmf:1 dtmf:0 dtmf:0 dtmf:2 transferred:attended unheld:PJSIP/1001 ended`, 'inbound external', `${CALLER} > 5000`, 16, 'answered', 9_008]],
  'blind-transfer': [[`${TALK} transferred:blind ended`, 'inbound external', `${CALLER} > 5000`, 16, 'answered', 6_013]],
  'click-to-call': [['dialing ringing answered bridged ended', 'outbound external', '5550100 > 1001', 16, 'answered', 2_403]],
  'click-to-call-local': [['dialing ringing answered bridged ended', 'outbound external', '5550100 > 1001', 16, 'answered', 2_896]],
  conference: [
    ['received answered bridged ended', 'inbound external', `${CALLER} > 7000`, 16, 'answered', 3_396],
    ['received answered bridged ended', 'inbound external', `${CALLER} > 7000`, 16, 'answered', 3_511],
    ['received answered bridged ended', 'internal internal', '1001 > 7000', 16, 'answered', 3_791],
  ],
  'inbound-answered': [[`${TALK} ended`, 'inbound external', `${CALLER} > 5000`, 16, 'answered', 1_512]],
  'inbound-busy': [['received dialing ringing ended', 'inbound external', `${CALLER} > 5000`, 17, 'busy', 0]],
  'inbound-dtmf': [[`${TALK} dtmf:4 dtmf:5 ended`, 'inbound external', `${CALLER} > 5000`, 16, 'answered', 2_522]],
  'inbound-given-up': [['received dialing ringing ended', 'inbound external', `${CALLER} > 5000`, 127, 'no_answer', 0]],
  'inbound-hold': [[`${TALK} held:PJSIP/1001 unheld:PJSIP/1001 ended`, 'inbound external', `${CALLER} > 5000`, 16, 'answered', 4_507]],
  'inbound-local': [[`${TALK} ended`, 'inbound external', `${CALLER} > 5004`, 16, 'answered', 1_511]],
  'inbound-local-n': [[`${TALK} dtmf:4 dtmf:5 ended`, 'inbound external', `${CALLER} > 5005`, 16, 'answered', 2_544]],
  'inbound-menu': [['received answered ended', 'inbound external', `${CALLER} > 5003`, 16, 'answered', 3_521]],
  'inbound-queue': [[`${TALK} ended`, 'inbound external', `${CALLER} > 5001`, 16, 'answered', 1_522]],
  'inbound-queue-abandoned': [['received answered ended', 'inbound external', `${CALLER} > 5002`, 0, 'abandoned', 1_505]],
  'inbound-refused': [['received ended', 'inbound external', `${CALLER} > 5006`, 21, 'rejected', 0]],
  'inbound-to-trunk': [[`${TALK} ended`, 'inbound trunk', `${CALLER} > 5007`, 16, 'answered', 1_510]],
  internal: [[`${TALK} ended`, 'internal internal', '1001 > 1002', 16, 'answered', 1_519]],
  'internal-busy': [['received dialing ringing ended', 'internal internal', '1001 > 1002', 17, 'busy', 0]],
  'originated-answered': [['dialing ringing answered ended', 'outbound external', '5550100 > 555010121', 16, 'answered', 2_504]],
  'originated-busy': [['dialing ended', 'outbound external', '5550100 > 555010102', 17, 'busy', 0]],
  'originated-busy-app': [['dialing ended', 'internal internal', '5550100 > busy', 17, 'busy', 0]],
  'originated-carrier-drops': [['dialing ringing answered ended', 'outbound external', '5550100 > 555010111', 16, 'answered', 1_503]],
  'originated-congestion': [['dialing ended', 'outbound external', '5550100 > 555010104', 34, 'congestion', 0]],
  'originated-congestion-app': [['dialing ended', 'internal internal', '5550100 > congestion', 34, 'congestion', 0]],
  'originated-dtmf': [['dialing ringing answered dtmf:1 dtmf:2 dtmf:3 dtmf:# ended', 'outbound external', '5550100 > 555010147', 16, 'answered', 2_755]],
  'originated-machine-amd': [['dialing ringing answered ended', 'outbound external', '5550100 > 555010106', 16, 'answered', 2_223]],
  'originated-noanswer-timeout': [['dialing ringing ended', 'outbound external', '5550100 > 555010103', 19, 'no_answer', 0]],
  'originated-nosuch-ext': [['dialing ended', 'internal internal', '5550100 > nosuch', 0, 'failed', 0]],
  'originated-queue': [['dialing ringing answered bridged ended', 'outbound external', '5550100 > 555010151', 16, 'answered', 5_026]],
  // One call, however many rang for it, at once or one after the other.
  'originated-ring-all': [['dialing ringing answered ended', 'internal internal', ' > ringall', 16, 'answered', 4_506]],
  'originated-second-try': [['dialing ringing answered ended', 'internal internal', ' > failover2', 16, 'answered', 4_505]],
  'originated-rejected': [['dialing ringing ended', 'outbound external', '5550100 > 555010108', 21, 'rejected', 0]],
  'originated-stasis-dtmf': [['dialing ringing answered dtmf:1 dtmf:2 dtmf:3 dtmf:# ended', 'outbound external', '5550100 > 555010137', 16, 'answered', 3_025]],
  'originated-unallocated': [['dialing ended', 'outbound external', '5550100 > 555010105', 1, 'invalid_number', 0]],
  outbound: [[`${TALK} ended`, 'outbound external', '1001 > 5511900000001', 16, 'answered', 1_511]],
  'outbound-busy': [['received dialing ringing ended', 'outbound external', '1001 > 5511900000002', 17, 'busy', 0]],
};

function replay(lines: readonly string[]): CallEffect[][] {
  const book = new CallBook();
  const byCall = new Map<string, CallEffect[]>();
  for (const event of channelEvents(lines)) {
    for (const effect of book.apply(event, event.at)) byCall.set(effect.call.callId, [...(byCall.get(effect.call.callId) ?? []), effect]);
  }
  expect([book.active, book.save().foreign.calls, book.save().foreign.index.legs]).toEqual([0, [], []]);
  return [...byCall.values()];
}

function worded(effect: CallEffect): string {
  if (effect.type === 'dtmf') return `dtmf:${effect.digit}`;
  if (effect.type === 'held' || effect.type === 'unheld') return `${effect.type}:${effect.channel.replace(/-.*/, '')}`;
  return effect.type === 'transferred' ? `transferred:${effect.kind}` : effect.type;
}

function outlined(effects: readonly CallEffect[]): Expected {
  const { call, summary } = effects.at(-1) as EndedEffect;
  return [effects.map(worded).join(' '), `${call.direction} ${call.route}`, `${call.from} > ${call.number}`, summary.cause, classify(summary), summary.billMs];
}

describe('recorded calls that the dialer did not place', () => {
  it.each(Object.entries(EXPECTED))('%s', (name, calls) => {
    const lines = recordedLines(`foreign-${name}`);
    for (const line of lines) expect(parseAriEvent(Buffer.from(line)).kind).not.toBe('malformed');
    const replayed = replay(lines);
    expect(replayed.map(outlined)).toEqual(calls);
    expect(replayed.flat().every(({ call, inferred }) => !inferred && !call.ours && call.campaignId === null)).toBe(true);
  });

  it('covers every recording', () => {
    expect(recordedStreams().filter((name) => name.startsWith('foreign-'))).toEqual(Object.keys(EXPECTED).map((name) => `foreign-${name}`).sort());
  });

  it.each(Object.keys(EXPECTED))('%s, every event repeated: the same', (name) => {
    const lines = recordedLines(`foreign-${name}`);
    expect(replay(lines.flatMap((line) => [line, line]))).toEqual(replay(lines));
  });

  it('names a call by the channel that began it, and whom it was handed on to', () => {
    const [effects] = replay(recordedLines('foreign-attended-transfer'));
    expect(effects?.[0]?.call.callId).toBe('pbx1-1795250170.38');
    expect(effects?.find(({ type }) => type === 'transferred')).toMatchObject({ by: 'PJSIP/1001-00000023', target: 'Local/1002@internal-00000002;1' });
    const [blind] = replay(recordedLines('foreign-blind-transfer'));
    expect(blind?.find(({ type }) => type === 'transferred')).toMatchObject({ by: 'PJSIP/1001-00000020', target: '1002' });
  });
});
