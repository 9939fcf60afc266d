import { encodeAction } from './ami-message.ts';

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
    return 'no error';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('encodeAction', () => {
  it('repeats the header of an array and puts Action and ActionID first', () => {
    const text = encodeAction({ Priority: 1, Variable: ['A=1', 'B=2'], Action: 'Originate' }, 'id-1');
    expect(text).toBe('Action: Originate\r\nActionID: id-1\r\nPriority: 1\r\nVariable: A=1\r\nVariable: B=2');
  });

  it.each([
    ['a line break in a value', { Action: 'Ping', Channel: 'Local/1\r\nApplication: System' }],
    ['a lone LF', { Action: 'Ping', Channel: 'a\nb' }],
    ['a lone CR', { Action: 'Ping', Channel: 'a\rb' }],
    ['a NUL', { Action: 'Ping', Channel: 'a\0b' }],
    ['a break in one of several values', { Action: 'Ping', Variable: ['ok', 'A=1\r\nX: y'] }],
    ['a break in the action itself', { Action: 'Ping\r\nX: y' }],
    ['a header name with a colon', { Action: 'Ping', 'X: y\r\nZ': '1' }],
    ['a value longer than a line of Asterisk', { Action: 'Ping', Data: 'x'.repeat(1025) }],
  ])('refuses %s', (_what, action) => {
    expect(codeOf(() => encodeAction(action, 'id'))).toBe('invalid_ami_value');
  });

  it('refuses a break in an ActionID that the caller chose', () => {
    expect(codeOf(() => encodeAction({ Action: 'Ping' }, 'a\r\nX: y'))).toBe('invalid_ami_value');
  });

  it('never shows the value in the error', () => {
    expect(() => encodeAction({ Action: 'Login', Secret: 'hush\n' }, 'id')).toThrow(/Secret$/);
  });
});
