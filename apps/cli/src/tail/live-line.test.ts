import pc from 'picocolors';
import { liveLine } from './live-line.ts';

const CAMPAIGN = '0198f3a0-0000-7000-8000-0000000000c1';
const TIME = new Date(2026, 10, 21, 9, 5, 7, 40).toISOString();
const plain = { colors: pc.createColors(false) };
const about = (type: string, data: object, more: object = {}): object => ({ type, time: TIME, inferred: false, ...more, data });
const call = { callId: '1795218171.18', direction: 'outbound', route: 'external', from: '551130000000', to: '5511987654321', startedAt: TIME };
const ended = about('call.ended', { ...call, endedAt: TIME, durationMs: 6_040, billMs: 5_000, cause: 16, disposition: 'answered', dtmf: '12345' }, { campaignid: CAMPAIGN });

describe('liveLine', () => {
  it.each([
    [ended, `09:05:07.040  call.ended        outbound  ********0000 → *********4321  6.0 s  answered  billMs 5000  cause 16  campaign ${CAMPAIGN}`],
    [about('call.dtmf', { ...call, digit: '7' }), '09:05:07.040  call.dtmf         outbound  ********0000 → *********4321  key *'],
    [about('call.dialing', { ...call, direction: 'internal', from: '1001', to: '1002' }, { inferred: true }), '09:05:07.040  call.dialing      internal  1001 → 1002                   inferred'],
    [about('call.bridged', { ...call, peer: 'Local/5511987654321@x', waitMs: 10 }), '09:05:07.040  call.bridged      outbound  ********0000 → *********4321  peer Local/*********4321@x  waitMs 10'],
    [about('queue.joined', { queue: 'sales', callId: '1795218171.18', waiting: 2 }), '09:05:07.040  queue.joined      queue sales  callId 1795218171.18  waiting 2'],
    [about('call.sung', { song: ['a', 1] }), '09:05:07.040  call.sung                   – → –                         song ["a",1]'],
  ])('%#', (event, line) => {
    expect(liveLine(event, plain)).toBe(line);
  });

  it('shows numbers and keys when asked', () => {
    expect(liveLine(about('call.dtmf', { ...call, digit: '7' }), { ...plain, numbers: true })).toContain('551130000000 → 5511987654321  key 7');
  });

  it('tells no pressed keys, nor a number, without being asked', () => {
    expect(liveLine(ended, plain)).not.toMatch(/12345|55119|55113/);
  });

  it('does not let a name steer the terminal', () => {
    expect(liveLine(about('agent.paused', { agent: 'x\u001b[2J\n', queue: 'q', reason: '\u202e' }), plain)).toMatch(/agent x\?\[2J\? {2}queue q {2}reason \?$/);
  });

  it('colours only where it may', () => {
    expect(liveLine(ended, { colors: pc.createColors(true) })).toContain('\u001b[');
    expect(liveLine(ended, plain)).not.toContain('\u001b');
  });

  it.each([[null], [7], [{}], [{ type: 'call.ended', time: 'yesterday', data: {} }]])('%j is no event', (message) => {
    expect(liveLine(message, plain)).toBeNull();
  });
});
