import fc from 'fast-check';
import { parseAriEvent, parseInstant } from './ari-event.ts';

const CHANNEL = {
  id: '019aa3f0-1111-7000-8000-000000000001;1',
  name: 'Local/5511900000001@dial-gate-00000000;1',
  state: 'Up',
  caller: { name: '', number: '100' },
  accountcode: 'a',
  dialplan: { context: 'campaign', exten: 'hold', priority: 1 },
  creationtime: '2026-11-20T23:42:50.976+0000',
};
const BASE = { timestamp: '2026-11-20T23:42:51.976+0000', channel: CHANNEL };
const parse = (message: object) => parseAriEvent(Buffer.from(JSON.stringify(message)));

describe('parseAriEvent', () => {
  it('narrows an event, whatever the order of its keys', () => {
    const expected = { kind: 'channel', type: 'ChannelDestroyed', event: { kind: 'destroyed', at: 1_795_218_171_976, cause: 16, channel: { id: CHANNEL.id, exten: 'hold', callerNumber: '100' } } };
    expect(parse({ type: 'ChannelDestroyed', cause: 16, ...BASE })).toMatchObject(expected);
    expect(parse({ ...BASE, cause: 16, type: 'ChannelDestroyed' })).toMatchObject(expected);
    expect(parseAriEvent(JSON.stringify({ type: 'ChannelDestroyed', cause: 16, ...BASE }))).toMatchObject(expected);
  });

  it('ignores types that nobody reads, known or not', () => {
    expect(parse({ type: 'ChannelDialplan', ...BASE })).toEqual({ kind: 'ignored', type: 'ChannelDialplan' });
    expect(parse({ value: 'x', type: 'ChannelVarset', ...BASE })).toEqual({ kind: 'ignored', type: 'ChannelVarset' });
    expect(parse({ type: 'SomethingNew' })).toEqual({ kind: 'ignored', type: 'SomethingNew' });
  });

  it('reads who hands a call on, and to whom', () => {
    const leg = (name: string) => ({ ...CHANNEL, name });
    const blind = { type: 'BridgeBlindTransfer', ...BASE, exten: '1002', context: 'internal', is_external: true, transferee: leg('PJSIP/trunk-1') };
    expect(parse({ ...blind, result: 'Success' })).toMatchObject({ event: { kind: 'transfer', how: 'blind', succeeded: true, target: '1002', channel: { id: CHANNEL.id }, transferee: { name: 'PJSIP/trunk-1' } } });
    expect(parse({ ...blind, result: 'Fail' })).toMatchObject({ event: { succeeded: false } });
    const attended = { type: 'BridgeAttendedTransfer', timestamp: BASE.timestamp, result: 'Success', transferer_first_leg: leg('PJSIP/1001-1'), transferer_second_leg: leg('PJSIP/1001-2') };
    expect(parse({ ...attended, transfer_target: leg('PJSIP/1002-1'), destination_bridge: 'b' })).toMatchObject({ event: { how: 'attended', channel: { name: 'PJSIP/1001-1' }, transferee: null, target: 'PJSIP/1002-1' } });
    expect(parse({ ...attended, destination_bridge: 'b' })).toMatchObject({ event: { target: 'b' } });
    expect(parse({ ...attended, destination_application: 'VoiceMail', destination_bridge: '' })).toMatchObject({ event: { target: 'VoiceMail' } });
    expect(parse(attended)).toMatchObject({ event: { target: 'PJSIP/1001-2' } });
  });

  it('is not deceived by a type inside another value', () => {
    expect(parse({ variable: '{"type":"ChannelDialplan"', type: 'ChannelStateChange', ...BASE })).toMatchObject({ kind: 'channel', type: 'ChannelStateChange' });
  });

  it.each([
    ['not JSON', '{"type":"Dial"'],
    ['no type', '[]'],
    ['no type', 'null'],
    ['no type', '{"type":1}'],
    ['timestamp', '{"type":"Dial","timestamp":"yesterday"}'],
    ['channel', JSON.stringify({ type: 'ChannelCreated', timestamp: BASE.timestamp })],
    ['channel', JSON.stringify({ type: 'ChannelCreated', timestamp: BASE.timestamp, channel: { ...CHANNEL, id: 7 } })],
    ['peer', JSON.stringify({ type: 'Dial', timestamp: BASE.timestamp })],
    ['digit', JSON.stringify({ type: 'ChannelDtmfReceived', ...BASE, digit: '12' })],
    ['bridge', JSON.stringify({ type: 'ChannelEnteredBridge', ...BASE })],
    ['exten', JSON.stringify({ type: 'BridgeBlindTransfer', ...BASE, exten: 7 })],
    ['channel', JSON.stringify({ type: 'BridgeBlindTransfer', timestamp: BASE.timestamp, exten: '1' })],
    ['transferer_first_leg', JSON.stringify({ type: 'BridgeAttendedTransfer', timestamp: BASE.timestamp })],
    ['transferer_second_leg', JSON.stringify({ type: 'BridgeAttendedTransfer', timestamp: BASE.timestamp, transferer_first_leg: CHANNEL })],
    ['cause', JSON.stringify({ type: 'ChannelDestroyed', ...BASE, cause: 'x' })],
  ])('says malformed (%s): %s', (reason, text) => {
    expect(parseAriEvent(Buffer.from(text))).toEqual({ kind: 'malformed', reason });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => void parseAriEvent(Buffer.from(text))));
    const value = fc.jsonValue({ maxDepth: 2 });
    const type = fc.constantFrom('ChannelCreated', 'Dial', 'ChannelDtmfReceived', 'ChannelEnteredBridge', 'BridgeBlindTransfer', 'BridgeAttendedTransfer', 'ChannelDestroyed');
    const message = fc.record({ type, timestamp: fc.constant(BASE.timestamp), channel: value, peer: value, caller: value, bridge: value, digit: value, cause: value, exten: value, transferer_first_leg: value, transferer_second_leg: value });
    fc.assert(fc.property(message, (wild) => void parse(wild)));
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-11-20T23:42:50.976+0000', Date.UTC(2026, 10, 20, 23, 42, 50, 976)],
    ['2026-11-20T20:42:50.976-0300', Date.UTC(2026, 10, 20, 23, 42, 50, 976)],
    ['2026-11-21T05:12:50.976+0530', Date.UTC(2026, 10, 20, 23, 42, 50, 976)],
    ['2026-11-20T23:42:50.97x+0000', null],
    ['2026-11-20T23:42:50Z', null],
    [7, null],
  ])('%s', (text, expected) => expect(parseInstant(text)).toBe(expected));
});
