import { BusConnection } from '@discador/bus/bus-connection';
import { Consumer } from '@discador/bus/consumer';
import { eventMetrics } from '@discador/bus/event-metrics';
import { EventPublisher } from '@discador/bus/event-publisher';
import { Publisher } from '@discador/bus/publisher';
import { OUTCOMES_QUEUE, SLICES_QUEUE } from '@discador/contracts/slice';
import { Database } from '@discador/postgres/database';
import { connectRedisServers } from '@discador/redis/connect';
import { Permits } from '@discador/redis/permits';
import { shortLocks } from '@discador/redis/short-lock';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { Dialer } from './dialer.ts';
import { LostPbxs } from './lost-pbxs.ts';
import { workerMetrics } from './metrics.ts';
import { consumeOutcomes } from './outcome-consumer.ts';
import { OutcomeDesk } from './outcome-desk.ts';
import { createPbxLinks } from './pbx-link.ts';
import type { WorkerSettings } from './settings.ts';
import { SliceWorker } from './slice-worker.ts';
import { Sweeper } from './sweeper.ts';

/** All its statements take milliseconds: on a connection that does not answer, dialling would stand still. */
const ANSWER_WITHIN_MS = 3_000;
/** Events of slices that wait for the broker; no slice comes while it is away. */
const MAX_BUFFERED_EVENTS = 1_000;
/** Nobody acts on the events of slices: they may wait for each other. */
const GATHER_MS = 250;
const CONFIRM_MS = 1_000;

@Module({})
export class WorkerModule {}

/** Wires a worker: slices in → calls out; ended calls in → outcomes stored; a sweeper for what nobody told. */
export function createModule(context: ServiceContext<WorkerSettings>): DynamicModule {
  const { config, log, dependencies } = context;
  const links = createPbxLinks(context); // first: what is wrong with its settings is said before anything connects
  const workerId = `campaign-worker-${context.replica}`;
  const database = new Database({ url: config.databaseUrl, name: workerId, log, state: dependencies.track('postgres'), answerWithinMs: ANSWER_WITHIN_MS, maxConnections: 8 });
  const { redisUrl, redisLocks } = config;
  const servers = connectRedisServers({ redisUrl, redisLocks, name: workerId, log, track: (server) => dependencies.track(server) });
  const { redis, lockClients } = servers;
  const takeLock = shortLocks(lockClients);
  const bus = new BusConnection({ url: config.amqpUrl, name: workerId, log, state: dependencies.track('rabbitmq') });
  const metrics = workerMetrics(context.metrics);
  const told = eventMetrics(context.metrics, () => events.buffered);
  const events = new EventPublisher({ publisher: new Publisher(bus), maxBuffered: MAX_BUFFERED_EVENTS, gatherMs: GATHER_MS, ...told });
  const permits = new Permits(redis);
  const desk = new OutcomeDesk(database, permits, metrics);
  const dialer = new Dialer({ desk, log, metrics });
  const worker = new SliceWorker({ workerId, database, permits, takeLock, links, dialer, events, maxUnseen: config.maxUnseenOriginates, log, metrics });
  const sweeper = new Sweeper({ database, desk, takeLock, links, everyMs: config.sweepEveryMs, log, metrics });
  const lost = new LostPbxs({ database, desk, takeLock, links, everyMs: config.sweepEveryMs, lostAfterSec: config.pbxLostAfterSec, log, metrics });
  const pbxUp = (): boolean => links.some((link) => link.ready);
  const slices = new Consumer(bus, {
    queue: SLICES_QUEUE,
    prefetch: config.slicePrefetch,
    log,
    handle: (messages) => Promise.all(messages.map((message) => worker.handle(message))),
    ready: async () => pbxUp() && redis.status === 'ready' && (await database.ping()),
  });
  const outcomes = new Consumer(bus, {
    queue: OUTCOMES_QUEUE,
    prefetch: config.outcomeBatchSize * 2,
    batchSize: config.outcomeBatchSize,
    batchMs: config.outcomeBatchMs,
    log,
    handle: (messages) => consumeOutcomes(messages, desk, metrics),
    ready: () => database.ping(),
  });
  context.report.current = () => {
    const unseen = links.reduce((sum, link) => sum + link.originator.unseen, 0);
    metrics.unseen.set(unseen);
    return { details: { takesSlices: slices.consuming, takesOutcomes: outcomes.consuming, unseenOriginates: unseen, pbxUp: pbxUp() } };
  };

  const lifecycle = appLifecycle({
    log,
    start: () => [database, bus, sweeper, lost, ...links.map((link) => link.ami)].forEach((part) => part.start()),
    // Calls live on in Asterisk, and their ends go to another replica.
    finish: [
      { name: 'slices in hand', run: () => (worker.stop(), slices.stop()) },
      { name: 'answers of the PBX', run: () => dialer.drain() },
      { name: 'outcomes in hand', run: () => Promise.all([outcomes.stop(), sweeper.stop(), lost.stop(), events.flush(CONFIRM_MS)]) },
    ],
    close: [() => events.close(), () => bus.close(), ...links.map((link) => () => link.ami.close()), () => servers.disconnect(), () => database.close()],
  });
  return { module: WorkerModule, providers: [lifecycle] };
}
