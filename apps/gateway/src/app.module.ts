import { BusConnection } from '@discador/bus/bus-connection';
import { Database } from '@discador/postgres/database';
import { Administration } from '@discador/postgres/entities/administration';
import { connectRedis } from '@discador/redis/connect';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import { Dependencies } from '@discador/runtime/dependencies';
import type { ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { CallStore } from './calls/call-store.ts';
import { CallsController } from './calls/calls-controller.ts';
import { CampaignInsightController } from './campaigns/campaign-insight-controller.ts';
import { CampaignStatistics } from './campaigns/campaign-statistics.ts';
import { CampaignStore } from './campaigns/campaign-store.ts';
import { CampaignsController } from './campaigns/campaigns-controller.ts';
import { ContactStore } from './campaigns/contact-store.ts';
import { ExtensionsController } from './extensions/extensions-controller.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { SchemaPipe } from './http/schema-pipe.ts';
import { createImports } from './imports/create-imports.ts';
import { acceptCsv, ImportsController } from './imports/imports-controller.ts';
import { LiveState } from './live/live-state.ts';
import { serveOpenApi } from './openapi.ts';
import type { GatewaySettings } from './settings.ts';
import { BrokerQueues } from './system/broker-queues.ts';
import { Replicas } from './system/replicas.ts';
import { RpcClient } from './system/rpc-client.ts';
import { SystemController } from './system/system-controller.ts';
import { TrunkStore } from './trunks/trunk-store.ts';
import { TrunksController } from './trunks/trunks-controller.ts';

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
  const live = new LiveState(redis);
  const rpc = new RpcClient(config.amqpUrl, log);
  const broker = new BrokerQueues(bus, config.statusTimeoutMs);
  const imports = createImports(database, config, log);
  const lifecycle = appLifecycle({
    log,
    start: () => {
      database.start();
      bus.start();
      imports.runner.resume();
    },
    finish: [{ name: 'imports', run: () => imports.runner.stop() }],
    close: [() => redis.disconnect(), () => database.close(), () => administration.close(), () => bus.close(), () => rpc.close()],
  });
  return {
    module: GatewayModule,
    controllers: [
      CampaignsController, CampaignInsightController, ImportsController, CallsController, TrunksController, ExtensionsController, SystemController,
    ],
    providers: [
      { provide: APP_PIPE, useValue: new SchemaPipe() },
      { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      { provide: CampaignStore, useValue: new CampaignStore(administration) },
      { provide: CampaignStatistics, useValue: new CampaignStatistics(database) },
      { provide: ContactStore, useValue: new ContactStore(administration) },
      { provide: CallStore, useValue: new CallStore(database) },
      { provide: TrunkStore, useValue: new TrunkStore(administration) },
      { provide: Administration, useValue: administration },
      { provide: Dependencies, useValue: dependencies },
      { provide: LiveState, useValue: live },
      { provide: BrokerQueues, useValue: broker },
      { provide: Replicas, useValue: new Replicas(live, rpc, config.statusTimeoutMs) },
      ...imports.providers,
      lifecycle,
    ],
  };
}

export function httpOptions(config: Readonly<GatewaySettings>): FastifyServerOptions {
  return { bodyLimit: config.bodyLimitBytes, requestTimeout: config.requestTimeoutSec * 1000, forceCloseConnections: 'idle' };
}

export function configureHttp(nest: NestFastifyApplication): void {
  nest.getHttpAdapter().getInstance().removeContentTypeParser('text/plain');
  acceptCsv(nest);
  serveOpenApi(nest);
}
