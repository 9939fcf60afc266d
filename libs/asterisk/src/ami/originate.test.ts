import { encodeAction } from './ami-message.ts';
import { originateAction, type OriginateRequest } from './originate.ts';

const request: OriginateRequest = {
  attemptId: '019aa3f0-1111-7000-8000-000000000001',
  campaignId: '019aa3f0-2222-7000-8000-000000000002',
  number: '5511987654321',
  destination: 'queue-demo',
  ringTimeoutSec: 28,
  dialBy: 1_795_218_149,
};

describe('originateAction', () => {
  it('names channels, account, gate and variables after the attempt', () => {
    const action = originateAction({ ...request, callerId: '551130000000', variables: { LIST: 'a-1' } });
    const text = encodeAction(action, String(action['ActionID']));
    expect(text.split('\r\n')).toEqual([
      'Action: Originate',
      `ActionID: ${request.attemptId}`,
      'Channel: Local/5511987654321@dial-gate/n',
      `ChannelId: ${request.attemptId};1`,
      `OtherChannelId: ${request.attemptId};2`,
      'Context: campaign',
      'Exten: queue-demo',
      'Priority: 1',
      'Timeout: 28000',
      `Account: ${request.campaignId}`,
      'Async: true',
      'CallerID: 551130000000',
      `Variable: __ATTEMPT_ID=${request.attemptId}`,
      'Variable: __DIAL_BY=1795218149',
      'Variable: __RING_TIMEOUT=28',
      'Variable: __LIST=a-1',
    ]);
  });

  it.each<[string, Partial<OriginateRequest>]>([
    ['a number with a break', { number: '5511\r\nApplication: System' }],
    ['a number with a plus', { number: '+5511987654321' }],
    ['letters', { number: '55abc' }],
    ['40 digits', { number: '1'.repeat(40) }],
    ['two digits', { number: '12' }],
    ['another context', { number: '190@default' }],
    ['a quote', { number: '"5511' }],
    ['digits of another script', { number: '٥٥١١٩٨' }],
    ['an attempt id that is no UUID', { attemptId: 'abc;1' }],
    ['a campaign id that is no UUID', { campaignId: '' }],
    ['a destination with a break', { destination: 'hold\nX: y' }],
    ['a destination with a slash', { destination: 'queue-a/b' }],
    ['no ring time', { ringTimeoutSec: 0 }],
    ['a fraction of a second', { ringTimeoutSec: 1.5 }],
    ['a dial-by in milliseconds', { dialBy: 1_795_218_149_000 }],
    ['a dial-by that is no number', { dialBy: Number.NaN }],
    ['a caller id with a name', { callerId: '"X" <1>' }],
    ['a variable value with a comma', { variables: { A: '1,B=2' } }],
    ['a variable value with an expression', { variables: { A: '${SHELL(id)}' } }],
    ['a variable name with an equals sign', { variables: { 'A=1': 'x' } }],
  ])('refuses %s', (_what, change) => {
    expect(() => originateAction({ ...request, ...change })).toThrow(expect.objectContaining({ code: 'invalid_ami_value' }));
  });
});
