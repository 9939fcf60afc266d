import { Readable } from 'node:stream';
import { DiscadorError } from '@discador/contracts/discador-error';
import * as http from '@discador/contracts/http/imports';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, StreamableFile, UnsupportedMediaTypeException } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Answers, Problems } from '../http/documented.ts';
import { ImportService } from './import-service.ts';

const id = { schema: z.uuid() };

/** Hands a CSV body on as it arrives, whatever its size: the spool counts. */
export function acceptCsv(nest: NestFastifyApplication): void {
  nest.getHttpAdapter().getInstance().addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
}

@ApiTags('imports')
@Controller('v1')
export class ImportsController {
  readonly #imports: ImportService;

  constructor(imports: ImportService) {
    this.#imports = imports;
  }

  @Post('campaigns/:campaignId/contacts/import')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'importContacts',
    summary: 'Import contacts from a CSV file',
    description: `Comma, semicolon, tab or | between the columns; UTF-8 or Latin-1; a header with a phone column, in Portuguese or English.
The same Idempotency-Key with the same file and options goes on with the first import instead of beginning another.`,
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: '1–200 printable characters' })
  @Answers(202, http.importSchema, 'Received; the import goes on in the background')
  @Problems(400, 404, 409, 413, 415, 422)
  async import(
    @Param('campaignId', id) campaignId: string,
    @Headers('idempotency-key') key: string | undefined,
    @Query({ schema: http.importQuery }) query: http.ImportQuery,
    @Req() request: { body: unknown },
  ): Promise<http.Import> {
    if (!(request.body instanceof Readable)) throw new UnsupportedMediaTypeException();
    return this.#imports.accept(campaignId, checkedKey(key), query, request.body);
  }

  @Get('imports/:importId')
  @ApiOperation({ operationId: 'getImport', summary: 'How far an import is, and what it rejected' })
  @Answers(200, http.importSchema)
  @Problems(400, 404)
  get(@Param('importId', id) importId: string): Promise<http.Import> {
    return this.#imports.get(importId);
  }

  @Get('imports/:importId/rejected.csv')
  @ApiOperation({ operationId: 'getRejectedRows', summary: 'The rejected rows, to be corrected and imported again' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 200, description: 'The columns of the file after two that say what is wrong', content: { 'text/csv': { schema: { type: 'string' } } } })
  @Problems(400, 404)
  async rejected(@Param('importId', id) importId: string): Promise<StreamableFile> {
    const pieces = await this.#imports.rejected(importId);
    const disposition = `attachment; filename="rejected-${importId}.csv"`;
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), { type: 'text/csv; charset=utf-8', disposition });
  }
}

function checkedKey(key: string | undefined): string | undefined {
  const parsed = http.idempotencyKey.optional().safeParse(key);
  if (parsed.success) return parsed.data;
  const errors = [{ field: 'Idempotency-Key', code: 'wrong_format', message: 'must be 1–200 printable characters' }];
  throw new DiscadorError('invalid_input', 'The headers are not valid.', { details: { part: 'param', errors } });
}
