import { DiscadorError } from '@discador/contracts/discador-error';
import { exitCodeOf } from './exit-code.ts';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

test.each([
  ['wrong settings', new DiscadorError('configuration', 'x'), 78],
  ['nobody listens', withCode('ECONNREFUSED'), 69],
  ['no such host yet', withCode('ENOTFOUND'), 69],
  ['the database starts', withCode('57P03'), 69],
  ['no such database', withCode('3D000'), 1],
  ['a migration fails', new Error('migration 0002_bad.sql failed', { cause: withCode('42P01') }), 1],
])('%s', (_name, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
