import { extensionListQuery, extensionListSchema, type ExtensionList, type ExtensionListQuery } from '@discador/contracts/http/extensions';
import { Administration } from '@discador/postgres/entities/administration';
import { Extension } from '@discador/postgres/entities/extension';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, Problems } from '../http/documented.ts';
import { extensionList } from './extension-list.ts';

@ApiTags('extensions')
@Controller('v1/extensions')
export class ExtensionsController {
  readonly #administration: Administration;

  constructor(administration: Administration) {
    this.#administration = administration;
  }

  @Get()
  @ApiOperation({ operationId: 'listExtensions', summary: 'Extensions, and how many are registered, available, busy' })
  @Answers(200, extensionListSchema)
  @Problems(400)
  async list(@Query({ schema: extensionListQuery }) { pbx }: ExtensionListQuery): Promise<ExtensionList> {
    const where = pbx === undefined ? {} : { pbx };
    return extensionList(await this.#administration.run((on) => on.find(Extension, { where, order: { pbx: 'ASC', number: 'ASC' } })));
  }
}
