import { STATUS_PATTERN, type ServiceStatus } from '@discador/contracts/service-status';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ServiceContext } from './service-context.ts';

/** Answers the gateway's status question over the bus. */
export function createStatusController(context: ServiceContext<unknown>): Type {
  @Controller()
  class StatusController {
    @MessagePattern(STATUS_PATTERN)
    status(): ServiceStatus {
      const { ready, waitingFor } = context.dependencies;
      return {
        app: context.app,
        replica: context.replica,
        pid: process.pid,
        uptimeSec: Math.round(process.uptime()),
        ready,
        waitingFor,
        ...context.report.current(),
      };
    }
  }
  return StatusController;
}
