import { DiscadorError } from '@discador/contracts/discador-error';
import { callSchema, type Call } from '@discador/contracts/http/calls';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, Problems } from '../http/documented.ts';
import { CallStore } from './call-store.ts';
import { callView } from './call-view.ts';

@ApiTags('calls')
@Controller('v1/calls')
export class CallsController {
  readonly #store: CallStore;

  constructor(store: CallStore) {
    this.#store = store;
  }

  @Get(':attemptId')
  @ApiOperation({ operationId: 'getCall', summary: 'One call' })
  @Answers(200, callSchema)
  @Problems(400, 404)
  async get(@Param('attemptId', { schema: z.uuid() }) attemptId: string): Promise<Call> {
    const row = await this.#store.get(attemptId);
    if (!row) throw new DiscadorError('not_found', 'There is no such call.');
    return callView(row);
  }
}
