import type { FieldError } from '@discador/contracts/http/problem';
import type { z } from 'zod';

const MAX_ERRORS = 100;
const MAX_NAME = 80;

type Issue = z.core.$ZodIssue;

/** What is wrong with a body or a query, one entry per field. Unknown fields are named; values are never repeated.
 *  @param input what was validated: tells a missing field from one of the wrong type */
export function fieldErrorsOf(issues: readonly Issue[], input: unknown): FieldError[] {
  return issues.flatMap((issue) => errorsOf(issue, input)).slice(0, MAX_ERRORS);
}

function errorsOf(issue: Issue, input: unknown): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), code: 'unknown_field', message: 'there is no such field' }));
  }
  const missing = issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined;
  if (missing) return [{ field: fieldName(issue.path), code: 'required', message: 'required' }];
  return [{ field: fieldName(issue.path), code: codeOf(issue), message: issue.message }];
}

function codeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'wrong_type';
    case 'too_small':
    case 'too_big':
      return issue.code;
    case 'invalid_format':
      return 'wrong_format';
    case 'invalid_value':
      return 'not_allowed';
    case 'custom':
      return typeof issue.params?.['code'] === 'string' ? issue.params['code'] : 'not_allowed';
    default:
      return 'not_allowed';
  }
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.map((part) => String(part).slice(0, MAX_NAME)).join('.');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), input);
}
