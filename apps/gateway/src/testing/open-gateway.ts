import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import { openService, type OpenService } from '@discador/runtime/service';
import * as gateway from '../app.module.ts';
import type { GatewaySettings } from '../settings.ts';

/** A port on which nothing listens. */
export const NOBODY = '127.0.0.1:9';

export interface Answer {
  status: number;
  // The tests look into answers of every shape.
  body: ReturnType<typeof JSON.parse>;
  headers: Record<string, unknown>;
}

export interface TestGateway {
  service: OpenService<GatewaySettings>;
  db: TestDatabase['pool'];
  /** Sends a request; a string body goes as it is, anything else as JSON. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** A gateway on a database of its own; Redis and RabbitMQ are those of the test stack unless said otherwise. */
export async function openGateway(settings: Partial<GatewaySettings> = {}): Promise<TestGateway> {
  const database = await createTestDatabase();
  const service = await openService<GatewaySettings>({
    ...gateway,
    app: 'gateway',
    settings: { ...defaults(), databaseUrl: database.url, ...settings },
    stopTelemetry: async () => undefined,
  });
  const given = [...(settings.databaseUrl ? [] : ['postgres']), ...(settings.redisUrl ? [] : ['redis']), ...(settings.amqpUrl ? [] : ['rabbitmq'])];
  await untilUp(service, given);
  return {
    service,
    db: database.pool,
    ask: (method, url, body) => ask(service, method, url, body),
    async close() {
      await service.close();
      await database.drop();
    },
  };
}

/** Readiness has no event; it is looked at often instead. */
async function untilUp({ context }: OpenService<GatewaySettings>, servers: string[]): Promise<void> {
  while (context.dependencies.waitingFor.some((line) => servers.includes(line.split(':')[0] ?? ''))) await delay(20);
}

function defaults(): Omit<GatewaySettings, 'databaseUrl'> {
  return {
    httpHost: '127.0.0.1',
    httpPort: 0,
    replica: `t${process.pid}`,
    logLevel: 'fatal',
    shutdownGraceSec: 5,
    redisUrl: process.env['REDIS_URL'] ?? `redis://${NOBODY}`,
    amqpUrl: process.env['AMQP_URL'] ?? `amqp://${NOBODY}`,
    bodyLimitBytes: 1_048_576,
    requestTimeoutSec: 30,
    statusTimeoutMs: 300,
    databasePoolSize: 4,
    statementTimeoutMs: 5000,
    importMaxBytes: 1_000_000,
  };
}

async function ask(service: OpenService<GatewaySettings>, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body: unknown): Promise<Answer> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const reply = await service.nest.inject({ method, url, headers, ...(body !== undefined && { payload }) });
  const json = String(reply.headers['content-type'] ?? '').includes('json');
  return { status: reply.statusCode, body: json ? JSON.parse(reply.payload) : reply.payload, headers: reply.headers };
}
