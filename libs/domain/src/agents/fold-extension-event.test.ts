import type { AmiEvent } from './ami-event.ts';
import { countExtensions, foldExtensionEvent, type Extensions } from './fold-extension-event.ts';

const foldAll = (events: AmiEvent[], from: Extensions = new Map()): Extensions =>
  events.reduce((state, event, index) => foldExtensionEvent(state, event, index), from);
const device = (name: string, state: string): AmiEvent => ({ Event: 'DeviceStateChange', Device: name, State: state });
const one = (event: AmiEvent) => foldAll([event]).get('1001');

test.each([
  ['NOT_INUSE', true, 0, false], ['INUSE', true, 1, false], ['RINGING', true, 1, true], ['ONHOLD', true, 1, false], ['BUSY', true, 2, false],
  ['RINGINUSE', true, 2, true], ['UNAVAILABLE', false, 0, false], ['INVALID', false, 0, false], ['UNKNOWN', true, 0, false],
])('device state %s', (state, registered, busyLines, ringing) => {
  expect(one(device('PJSIP/1001', state))).toEqual({ registered, busyLines, ringing, lastActivityMs: null });
});

test.each([
  ['0', true, 0, false], ['1', true, 1, false], ['2', true, 2, false], ['8', true, 1, true], ['9', true, 2, true], ['16', true, 1, false],
  ['17', true, 2, false], ['4', false, 0, false], ['-1', false, 0, false],
])('extension status %s', (status, registered, busyLines, ringing) => {
  const event = { Event: 'ExtensionStatus', Exten: '1001', Hint: 'PJSIP/1001,CustomPresence:1001', Status: status };
  expect(one(event)).toEqual({ registered, busyLines, ringing, lastActivityMs: null });
});

test('chan_sip peers and PJSIP contacts come and go; a phone that is gone has no busy line', () => {
  const peer = (status: string): AmiEvent => ({ Event: 'PeerStatus', ChannelType: 'SIP', Peer: 'SIP/1001', PeerStatus: status });
  const contact = (status: string): AmiEvent => ({ Event: 'ContactStatus', EndpointName: '1001', ContactStatus: status });
  expect(foldAll([device('SIP/1001', 'INUSE'), peer('Unregistered')]).get('1001')).toEqual({ registered: false, busyLines: 0, ringing: false, lastActivityMs: 1 });
  expect(foldAll([contact('Created'), contact('Removed'), contact('NonQualified')]).get('1001')).toEqual({ registered: true, busyLines: 0, ringing: false, lastActivityMs: 2 });
});

test('trunks, queues, simulated agents and channels are no extensions', () => {
  const none = ['PJSIP/trunk', 'Queue:demo_avail', 'Local/1001@agents', 'PJSIP/1001-00000001', 'PJSIP/1', 'Custom:1001'].map((name) => device(name, 'INUSE'));
  expect(foldAll([...none, { Event: 'ContactStatus', EndpointName: 'trunk', ContactStatus: 'Created' }, { Event: 'PeerStatus' }]).size).toBe(0);
});

test('the same state again is no activity', () => {
  const first = foldAll([device('PJSIP/1001', 'INUSE')]);
  expect(foldExtensionEvent(first, device('PJSIP/1001', 'INUSE'), 9)).toBe(first);
});

test('available means registered with a line free', () => {
  const state = foldAll([device('SIP/11', 'NOT_INUSE'), device('SIP/12', 'INUSE'), device('SIP/13', 'BUSY'), device('SIP/14', 'UNAVAILABLE')]);
  expect(countExtensions(state)).toEqual({ total: 4, registered: 3, available: 2, busy: 2 });
});
