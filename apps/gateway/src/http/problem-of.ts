import { STATUS_CODES } from 'node:http';
import { DiscadorError, type ErrorCode } from '@discador/contracts/discador-error';
import { fieldErrorSchema, type FieldError, type Problem } from '@discador/contracts/http/problem';
import { HttpException } from '@nestjs/common';

const STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 404,
  conflict: 409,
  invalid_input: 422,
  database_down: 503,
  redis_down: 503,
  bus_down: 503,
  bus_full: 503,
  ami_down: 503,
  ari_down: 503,
  timeout: 504,
};

const AWAY: Partial<Record<ErrorCode, string>> = {
  database_down: 'PostgreSQL is away; try again later.',
  redis_down: 'Redis is away; try again later.',
  bus_down: 'RabbitMQ is away; try again later.',
};

/** What Fastify says about a request that it could not read. */
const FASTIFY: Record<string, readonly [code: string, detail: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'The body is larger than allowed.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed', 'The body is empty; JSON was announced.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed', 'The body is not as long as announced.'],
};

/** Nest wraps what Fastify says of broken JSON into a plain 400. */
const DETAIL: Record<number, string> = {
  400: 'The request cannot be read; is its body valid JSON?',
  404: 'There is nothing at this address.',
};

/** The answer to an error: status, code and words for the caller. Nothing of an unexpected error is shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DiscadorError) return ofDiscadorError(error);
  if (error instanceof HttpException) return ofStatus(error.getStatus());
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = FASTIFY[String(code)];
  if (known && typeof statusCode === 'number') return problem(statusCode, known[0], known[1]);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return ofStatus(statusCode);
  return problem(500, 'internal', 'Something went wrong here; the log says more.');
}

function ofDiscadorError(error: DiscadorError): Problem {
  const status = STATUS[error.code];
  if (status === undefined) return problem(500, 'internal', 'Something went wrong here; the log says more.');
  const part = error.details['part'];
  const errors = fieldErrorSchema.array().safeParse(error.details['errors']);
  // A wrong address or query is a malformed request; a body that can be read and is wrong is 422.
  const shown = part === 'query' || part === 'param' ? 400 : status;
  return problem(shown, error.code, AWAY[error.code] ?? error.message, errors.success ? errors.data : undefined);
}

function ofStatus(status: number): Problem {
  const codes: Record<number, string> = { 400: 'malformed', 404: 'not_found', 405: 'not_found', 413: 'too_large', 415: 'unsupported_media_type' };
  const title = STATUS_CODES[status] ?? 'Error';
  return problem(status, codes[status] ?? (status < 500 ? 'refused' : 'internal'), DETAIL[status] ?? `${title}.`);
}

function problem(status: number, code: string, detail: string, errors?: FieldError[]): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...(errors && errors.length > 0 ? { errors } : {}) };
}
