import { Controller, Get, Header, Res, type Type } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServiceContext } from './service-context.ts';

/** `/health/live`, `/health/ready` and `/metrics` of a service. */
export function createHealthController(context: ServiceContext<unknown>): Type {
  @Controller()
  class HealthController {
    @Get('health/live')
    live(): { status: 'ok' } {
      return { status: 'ok' };
    }

    @Get('health/ready')
    ready(@Res({ passthrough: true }) reply: FastifyReply): object {
      const { ready, waitingFor } = context.dependencies;
      const { leader, note } = context.report.current();
      void reply.status(ready ? 200 : 503);
      return { status: ready ? 'ok' : 'waiting', waitingFor, leader, note };
    }

    @Get('metrics')
    @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    metrics(): Promise<string> {
      context.report.current(); // sets the gauges that say the same
      return context.metrics.metrics();
    }
  }
  return HealthController;
}
