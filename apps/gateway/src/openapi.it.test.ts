import { openGateway, type TestGateway } from './testing/open-gateway.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema?: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>;
}

let gateway: TestGateway;
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, object> } };
let operations: { name: string; path: string; operation: Operation }[];

beforeAll(async () => {
  gateway = await openGateway();
  document = (await gateway.ask('GET', '/openapi.json')).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
});
afterAll(() => gateway.close());

const isV1 = ({ path }: { path: string }) => path.startsWith('/v1/');

test('every operation of the API is there, named once, with a summary', () => {
  expect(document.openapi).toMatch(/^3\.0\./);
  expect(operations.map(({ name }) => name)).toEqual(expect.arrayContaining([
    'get /v1/campaigns', 'post /v1/campaigns', 'get /v1/campaigns/{campaignId}', 'patch /v1/campaigns/{campaignId}',
    'delete /v1/campaigns/{campaignId}', 'post /v1/campaigns/{campaignId}/start', 'post /v1/campaigns/{campaignId}/pause',
    'post /v1/campaigns/{campaignId}/finish', 'get /v1/campaigns/{campaignId}/metrics', 'get /v1/campaigns/{campaignId}/contacts',
    'get /v1/campaigns/{campaignId}/calls', 'get /v1/calls/{attemptId}', 'get /v1/trunks', 'put /v1/trunks/{name}', 'get /v1/extensions',
    'get /v1/system/status', 'get /v1/system/workers', 'get /v1/system/queues', 'get /v1/system/activity',
    'get /health/live', 'get /health/ready', 'get /metrics',
  ]));
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, operation } of operations.filter(isV1)) expect({ name, told: Boolean(operation.summary && operation.tags?.length) }).toEqual({ name, told: true });
});

test('every reference leads somewhere, and no component is an alias of itself', () => {
  const text = JSON.stringify(document);
  for (const [, target] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(target ?? '')?.[1];
    expect({ target, known: name !== undefined && name in document.components.schemas }).toEqual({ target, known: true });
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) expect({ name, alias: '$ref' in schema }).toEqual({ name, alias: false });
  // Words of JSON Schema that OpenAPI 3.0 does not have.
  expect(text).not.toMatch(/"(const|\$defs|definitions|\$schema|prefixItems|patternProperties|propertyNames)":/);
});

test('parameters of the path, bodies, answers and problems are described', () => {
  for (const { name, path, operation } of operations.filter(isV1)) {
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path' && parameter.required && parameter.schema);
    expect({ name, inPath: inPath.map((parameter) => parameter.name) }).toEqual({ name, inPath: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]) });
    if (/^(patch|put) /.test(name)) expect(Object.values(operation.requestBody?.content ?? {})[0]?.schema).toBeDefined();
    const statuses = Object.keys(operation.responses);
    expect({ name, statuses }).toEqual({ name, statuses: expect.arrayContaining(['500', '503']) });
    for (const [status, response] of Object.entries(operation.responses)) {
      const type = Number(status) >= 400 ? 'application/problem+json' : 'application/json';
      const described = status === '204' || response.content?.[type]?.schema !== undefined || Object.keys(response.content ?? {}).some((key) => key.startsWith('text/'));
      expect({ name, status, described, description: typeof response.description }).toEqual({ name, status, described: true, description: 'string' });
    }
  }
});

test('the defaults in the document are those of the database', async () => {
  const schema = document.components.schemas['CampaignCreate'] as { properties: Record<string, { default?: unknown }> };
  const created = (await gateway.ask('POST', '/v1/campaigns', { name: 'x', queue: 'q' })).body;
  const told = Object.entries(schema.properties).filter(([, property]) => property.default !== undefined);
  expect(told.length).toBeGreaterThan(10);
  for (const [field, property] of told) expect({ [field]: created[field] }).toEqual({ [field]: property.default });
});

test('there is a page for people, which says that there is no sign-in', async () => {
  const page = await gateway.ask('GET', '/docs');
  expect(page.status).toBe(200);
  expect(page.body).toContain('Discador API');
  expect((await gateway.ask('GET', '/docs/swagger-ui-init.js')).body).toContain('There is no sign-in yet');
  expect((await gateway.ask('GET', '/docs/swagger-ui-bundle.js')).status).toBe(200);
});
