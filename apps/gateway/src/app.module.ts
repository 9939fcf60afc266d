import { BusConnection } from '@discador/bus/bus-connection';
import { Database } from '@discador/postgres/database';
import { Administration } from '@discador/postgres/entities/administration';
import { connectRedis } from '@discador/redis/connect';
import type { ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { CampaignStatistics } from './campaigns/campaign-statistics.ts';
import { CampaignStore } from './campaigns/campaign-store.ts';
import { CampaignsController } from './campaigns/campaigns-controller.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { SchemaPipe } from './http/schema-pipe.ts';
import { serveOpenApi } from './openapi.ts';
import type { GatewaySettings } from './settings.ts';

@Module({})
class GatewayModule {}

/** The gateway's controllers and what they stand on. Nothing here waits for a server: each one is used when it is there. */
export function createModule(context: ServiceContext<GatewaySettings>): DynamicModule {
  const { config, log, dependencies } = context;
  const { databaseUrl, databasePoolSize, statementTimeoutMs } = config;
  const database = new Database({ url: databaseUrl, name: 'gateway', log, maxConnections: databasePoolSize, state: dependencies.track('postgres') });
  const administration = new Administration({ databaseUrl, name: 'gateway-admin', poolSize: databasePoolSize, statementTimeoutMs });
  const redis = connectRedis({ url: config.redisUrl, name: 'gateway', log, state: dependencies.track('redis') });
  const bus = new BusConnection({ url: config.amqpUrl, name: 'gateway', log, state: dependencies.track('rabbitmq') });
  database.start();
  bus.start();
  const connections: OnApplicationShutdown = {
    async onApplicationShutdown() {
      redis.disconnect();
      await Promise.allSettled([database.close(), administration.close(), bus.close()]);
    },
  };
  return {
    module: GatewayModule,
    controllers: [CampaignsController],
    providers: [
      { provide: APP_PIPE, useValue: new SchemaPipe() },
      { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      { provide: CampaignStore, useValue: new CampaignStore(administration) },
      { provide: CampaignStatistics, useValue: new CampaignStatistics(database) },
      { provide: 'connections', useValue: connections },
    ],
  };
}

export function httpOptions(config: Readonly<GatewaySettings>): FastifyServerOptions {
  return { bodyLimit: config.bodyLimitBytes, requestTimeout: config.requestTimeoutSec * 1000, forceCloseConnections: 'idle' };
}

export function configureHttp(nest: NestFastifyApplication): void {
  serveOpenApi(nest);
}
