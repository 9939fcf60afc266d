import { trunkLimitsSchema, trunkListSchema, trunkName, trunkSchema, type Trunk, type TrunkLimits } from '@discador/contracts/http/trunks';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, Problems } from '../http/documented.ts';
import { TrunkStore } from './trunk-store.ts';

@ApiTags('trunks')
@Controller('v1/trunks')
export class TrunksController {
  readonly #store: TrunkStore;

  constructor(store: TrunkStore) {
    this.#store = store;
  }

  @Get()
  @ApiOperation({ operationId: 'listTrunks', summary: 'Trunks and their limits' })
  @Answers(200, trunkListSchema)
  @Problems()
  async list(): Promise<{ items: Trunk[] }> {
    return { items: await this.#store.list() };
  }

  @Put(':name')
  @ApiOperation({ operationId: 'setTrunk', summary: 'Set the limits of a trunk; it is made when it is new' })
  @Answers(200, trunkSchema)
  @Problems(400, 413, 415, 422)
  set(@Param('name', { schema: trunkName }) name: string, @Body({ schema: trunkLimitsSchema }) limits: TrunkLimits): Promise<Trunk> {
    return this.#store.set(name, limits);
  }
}
