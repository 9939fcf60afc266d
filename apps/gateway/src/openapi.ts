import { problemSchema } from '@discador/contracts/http/problem';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

type Schemas = Record<string, unknown>;

const DESCRIPTION = `Campaigns, contacts, calls and the state of the system.

There is no sign-in yet: the gateway listens on 127.0.0.1 unless HTTP_HOST says otherwise. Do not open it to a network.
Every answer that is not a success is an RFC 9457 problem (application/problem+json).`;

/** The OpenAPI 3.0 document of the gateway, made from the zod schemas that also validate the requests. */
export function openApiDocument(nest: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder().setTitle('Discador').setDescription(DESCRIPTION).setVersion('1').setOpenAPIVersion('3.0.3').build();
  const problem = convert(problemSchema, 'output');
  config.components = { ...config.components, schemas: problem.components as never };
  return SwaggerModule.createDocument(nest, config, { standardSchemaConverter: (schema, { schemaType }) => convert(schema as z.ZodType, schemaType) });
}

/** `/openapi.json` and the page at `/docs`. */
export function serveOpenApi(nest: NestFastifyApplication): void {
  SwaggerModule.setup('docs', nest, () => openApiDocument(nest), { jsonDocumentUrl: 'openapi.json', raw: ['json'], customSiteTitle: 'Discador API' });
}

/** A schema with an id becomes a named component that is referred to; any other stays where it is used. */
function convert(schema: z.ZodType, io: 'input' | 'output'): { schema: unknown; components: Schemas } {
  const json = JSON.stringify(z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }));
  const { definitions, ...body } = JSON.parse(json.replaceAll('#/definitions/', '#/components/schemas/')) as Schemas;
  delete body['$schema'];
  const components = (definitions ?? {}) as Schemas;
  const id = schema.meta()?.id;
  if (id === undefined) return { schema: body, components };
  components[id] ??= body;
  return { schema: { $ref: `#/components/schemas/${id}` }, components };
}
