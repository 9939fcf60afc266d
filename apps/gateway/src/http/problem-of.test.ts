import { DiscadorError } from '@discador/contracts/discador-error';
import { problemSchema } from '@discador/contracts/http/problem';
import { NotFoundException } from '@nestjs/common';
import { problemOf } from './problem-of.ts';

test.each([
  [new DiscadorError('not_found', 'no'), 404, 'not_found'],
  [new DiscadorError('conflict', 'no'), 409, 'conflict'],
  [new DiscadorError('invalid_input', 'no', { details: { part: 'body', errors: [] } }), 422, 'invalid_input'],
  [new DiscadorError('invalid_input', 'no', { details: { part: 'query' } }), 400, 'invalid_input'],
  [new DiscadorError('database_down', 'secret'), 503, 'database_down'],
  [new DiscadorError('lease_lost', 'secret'), 500, 'internal'],
  [new NotFoundException('Cannot GET /secret'), 404, 'not_found'],
  [Object.assign(new Error('secret'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 413, 'too_large'],
  [Object.assign(new Error('secret'), { statusCode: 400 }), 400, 'malformed'],
  [Object.assign(new Error('secret'), { statusCode: 502 }), 500, 'internal'],
  [new Error('secret'), 500, 'internal'],
  ['secret', 500, 'internal'],
  [undefined, 500, 'internal'],
])('%p is a problem', (error, status, code) => {
  const problem = problemSchema.parse(problemOf(error));
  expect(problem).toMatchObject({ status, code, type: 'about:blank' });
  expect(JSON.stringify(problem)).not.toContain('secret');
});
