import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openSystem, type System } from './system.ts';

const run = promisify(execFile);

let system: System;

beforeAll(async () => {
  system = await openSystem();
}, 120_000);

afterAll(() => system?.close());

test('the queues of slices and of outcomes are quorum queues', async () => {
  const [program = '', ...args] = system.stack.rabbitmqctl;
  const { stdout } = await run(program, [...args, '-q', 'list_queues', 'name', 'type']);
  const types = new Map(stdout.trim().split('\n').map((line) => line.split('\t') as [string, string]));
  expect([types.get('discador.slices'), types.get('discador.outcomes')]).toEqual(['quorum', 'quorum']);
});

test.each(['fsync', 'synchronous_commit', 'full_page_writes'])('PostgreSQL’s %s is on', async (setting) => {
  const { rows } = await system.db.query<Record<string, string>>(`SHOW ${setting}`);
  expect(rows).toEqual([{ [setting]: 'on' }]);
});

test('Redis throws nothing away', async () => {
  expect(await system.redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
});

test('the API describes itself', async () => {
  const response = await fetch(`${system.stack.apiUrl}/openapi.json`);
  const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
  expect(document.openapi).toMatch(/^3\./);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  expect(operations).toEqual(expect.arrayContaining(['post /v1/campaigns', 'post /v1/campaigns/{campaignId}/contacts/import', 'post /v1/campaigns/{campaignId}/start', 'post /v1/campaigns/{campaignId}/pause', 'get /v1/system/status']));
  const page = await fetch(`${system.stack.apiUrl}/docs`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
});

test('every service tells its health and its metrics', async () => {
  for (const { healthUrl, metricsUrl } of system.stack.services) {
    expect((await fetch(healthUrl)).status).toBe(200);
    expect(await (await fetch(metricsUrl)).text()).toContain('process_cpu_seconds_total');
  }
});
