import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemOf } from './problem-of.ts';

const RETRY_AFTER_SEC = 2;

/** Every error of the API leaves as an RFC 9457 problem; the unexpected ones are logged with the route, never with the body. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.status === 500) this.#log.error({ err: error, route: request.routeOptions?.url, method: request.method }, 'request failed');
    if (reply.raw.headersSent || reply.raw.destroyed) return;
    if (problem.status === 503) void reply.header('retry-after', RETRY_AFTER_SEC);
    void reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  }
}
