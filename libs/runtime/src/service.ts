import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { AppLifecycle } from './app-lifecycle.ts';
import { Dependencies } from './dependencies.ts';
import { endProcess } from './end-process.ts';
import { createHealthController } from './health-controller.ts';
import { createLogger, nestLogger } from './log.ts';
import { startHeartbeat } from './replica-heartbeat.ts';
import { RpcServer } from './rpc-server.ts';
import type { ServiceContext } from './service-context.ts';
import { createStatusController } from './status-controller.ts';
import { within } from './within.ts';

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
  /** The module has an `AppLifecycle` among its providers. */
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
  /** Readiness turns false, the replica goes off the list of the living, what is open is finished and every connection closed.
   *  @returns whether nothing was lost */
  close(): Promise<boolean>;
}

/** Requests that are still being answered after so long at the end are cut. */
const REQUESTS_MS = 10_000;
const TELEMETRY_MS = 2000;

/** Opens a service and ends the process with it, within the grace period.
 *  @param signalled the signal that ends it; one that comes while the service is being opened ends it as soon as it is open */
export async function runService<C>(service: RunningService<C>, signalled: Promise<NodeJS.Signals>): Promise<void> {
  const { httpPort, shutdownGraceSec, replica, logLevel } = service.settings as Readonly<C & CommonConfig>;
  const log = createLogger(service.app, replica, logLevel);
  const opening = openService(service, log);
  endProcess({ log, graceSec: shutdownGraceSec, signalled, end: async () => (await opening).close() });
  await opening;
  log.info({ port: httpPort }, 'started');
}

/** Builds the Nest application and listens: health and metrics over HTTP at once, everything else as its servers appear. */
export async function openService<C>(service: RunningService<C>, logger?: Logger): Promise<OpenService<C>> {
  const { app, settings, createModule, stopTelemetry } = service;
  const config = settings as Readonly<C & CommonConfig>;
  const log = logger ?? createLogger(app, config.replica, config.logLevel);
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
  const lifecycle = nest.get(AppLifecycle, { strict: false });
  const close = async (): Promise<boolean> => {
    context.dependencies.stop();
    const impatience = setInterval(() => nest.getHttpServer().closeAllConnections(), REQUESTS_MS);
    await Promise.all([stopHeartbeat?.(), nest.close()]);
    clearInterval(impatience);
    await within(TELEMETRY_MS, stopTelemetry());
    return !lifecycle.lost;
  };
  try {
    await service.configureHttp?.(nest, context);
    await nest.listen(config.httpPort, config.httpHost);
  } catch (error) {
    await close(); // what it has begun to hold, a lease perhaps, is given back
    throw error;
  }
  // Not awaited: it ends only once the broker answers, and health must be served before that.
  if (config.amqpUrl) nest.startAllMicroservices().catch((error: unknown) => log.warn({ err: error }, 'requests over the bus are not answered'));
  return { nest, context, close };
}
