import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Dependencies } from './dependencies.ts';
import { createHealthController } from './health-controller.ts';
import { createLogger, nestLogger } from './log.ts';
import { startHeartbeat } from './replica-heartbeat.ts';
import { RpcServer } from './rpc-server.ts';
import type { ServiceContext } from './service-context.ts';
import { createStatusController } from './status-controller.ts';

interface CommonConfig {
  httpHost: string;
  httpPort: number;
  replica: string;
  logLevel: string;
  shutdownGraceSec: number;
  amqpUrl?: string;
  redisUrl?: string;
}

@Module({})
class ServiceModule {}

/** What an app's module file exports. The HTTP parts are for apps whose HTTP is more than health and metrics. */
export interface ServiceModuleFile<C> {
  createModule(context: ServiceContext<C>): DynamicModule;
  /** limits and time-outs of the HTTP server; the body limit is 1 MiB unless said here */
  httpOptions?(config: Readonly<C>): FastifyServerOptions;
  /** called once before the server listens: documents, content parsers */
  configureHttp?(nest: NestFastifyApplication, context: ServiceContext<C>): void | Promise<void>;
}

export interface RunningService<C> extends ServiceModuleFile<C> {
  app: string;
  settings: Readonly<C>;
  stopTelemetry(): Promise<void>;
}

/** A service that listens. */
export interface OpenService<C> {
  nest: NestFastifyApplication;
  context: ServiceContext<C>;
  /** Takes the replica off the list of the living, finishes what is open and closes every connection. */
  close(): Promise<void>;
}

/** Opens a service and ends the process with it: on SIGTERM, on SIGINT, within the grace period. */
export async function runService<C>(service: RunningService<C>): Promise<void> {
  const { context, close } = await openService(service);
  const { httpPort, shutdownGraceSec } = context.config as Readonly<C & CommonConfig>;
  onEnd(context.log, shutdownGraceSec, close);
  context.log.info({ port: httpPort }, 'started'); // from here on a signal ends it in order
}

/** Builds the Nest application and listens: health and metrics over HTTP at once, everything else as its servers appear. */
export async function openService<C>(service: RunningService<C>): Promise<OpenService<C>> {
  const { app, settings, createModule, stopTelemetry } = service;
  const config = settings as Readonly<C & CommonConfig>;
  const log = createLogger(app, config.replica, config.logLevel);
  const metrics = new Registry();
  metrics.setDefaultLabels({ app, replica: config.replica });
  collectDefaultMetrics({ register: metrics });
  const context: ServiceContext<C> = {
    app,
    replica: config.replica,
    config,
    log,
    metrics,
    dependencies: new Dependencies(),
    report: { current: () => ({ details: {} }) },
  };
  const root: DynamicModule = {
    module: ServiceModule,
    imports: [createModule(context)],
    controllers: [createHealthController(context), createStatusController(context)],
  };
  const nest = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter({ bodyLimit: 1_048_576, ...service.httpOptions?.(config) }), {
    logger: nestLogger(log),
    abortOnError: false,
    // Nest's own parsers would take forms too, which a page of another site may post; JSON comes with Fastify.
    bodyParser: false,
  });
  // A name per process: an exclusive queue of the replica's former life may outlive it by a moment.
  const rpcQueue = `discador.rpc.${app}.${config.replica}.${randomUUID().slice(0, 8)}`;
  if (config.amqpUrl) nest.connectMicroservice<MicroserviceOptions>({ strategy: new RpcServer(config.amqpUrl, rpcQueue, log) });
  const stopHeartbeat = config.redisUrl ? startHeartbeat(config.redisUrl, { app, replica: config.replica, rpcQueue, log }) : undefined;
  await service.configureHttp?.(nest, context);
  await nest.listen(config.httpPort, config.httpHost);
  // Not awaited: it ends only once the broker answers, and health must be served before that.
  if (config.amqpUrl) nest.startAllMicroservices().catch((error: unknown) => log.warn({ err: error }, 'requests over the bus are not answered'));
  const close = async (): Promise<void> => {
    await stopHeartbeat?.();
    await nest.close();
    await stopTelemetry();
  };
  return { nest, context, close };
}

function onEnd(log: ServiceContext<unknown>['log'], graceSec: number, close: () => Promise<void>): void {
  let ending = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'stopping');
    // It keeps the process alive: with nothing else left to wait for, Node would end it with 0 in the middle of the work.
    setTimeout(() => {
      log.error({ graceSec }, 'did not stop within the grace period');
      process.exit(1);
    }, graceSec * 1000);
    try {
      await close();
      log.info('stopped');
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    }
  };
  process.on('SIGTERM', (signal) => void end(signal));
  process.on('SIGINT', (signal) => void end(signal));
  process.on('unhandledRejection', (reason) => {
    log.fatal({ err: reason }, 'unhandled rejection');
    process.exit(1);
  });
}
