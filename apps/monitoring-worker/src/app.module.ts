import { BusConnection } from '@discador/bus/bus-connection';
import { eventMetrics } from '@discador/bus/event-metrics';
import { EventPublisher } from '@discador/bus/event-publisher';
import { Publisher } from '@discador/bus/publisher';
import { DiscadorError } from '@discador/contracts/discador-error';
import { Database } from '@discador/postgres/database';
import { connectRedisServers } from '@discador/redis/connect';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { ServiceContext, SelfReport } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { Housekeeping } from './housekeeping/housekeeping.ts';
import { housekeepingJobs } from './housekeeping/jobs.ts';
import { monitoringMetrics } from './metrics.ts';
import { rankOfDeskEvent } from './pbx/desk-cloud-event.ts';
import { PbxMonitor } from './pbx/pbx-monitor.ts';
import type { MonitoringSettings } from './settings.ts';

/** With a server silent the leases are not held for its sake: the next writer reads everything anew. */
const WRITE_MS = 1000;

@Module({})
export class MonitoringModule {}

/** Wires the MonitoringWorker: one monitor per PBX, and the housekeeping.
 *  @throws DiscadorError `configuration` when the lists of names and addresses differ in length */
export function createModule(context: ServiceContext<MonitoringSettings>): DynamicModule {
  const { config, log, dependencies } = context;
  if (config.amiUrl.length !== config.pbxName.length) {
    throw new DiscadorError('configuration', 'pbxName (PBX_NAME) and amiUrl (AMI_URL) must be lists of the same length');
  }
  const name = `monitoring-worker-${context.replica}`;
  const database = new Database({ url: config.databaseUrl, name, log, state: dependencies.track('postgres'), maxConnections: 4 });
  const { redisUrl, redisLocks } = config;
  const servers = connectRedisServers({ redisUrl, redisLocks, name, log, track: (server) => dependencies.track(server) });
  const { redis, lockClients } = servers;
  const bus = new BusConnection({ url: config.amqpUrl, name, log, state: dependencies.track('rabbitmq') });
  const publisher = new Publisher(bus);
  const publishers: EventPublisher[] = [];
  const told = eventMetrics(context.metrics, () => publishers.reduce((sum, events) => sum + events.buffered, 0));
  const monitors = config.pbxName.map((pbx, index) => {
    const { pbxTimeZone, queueWrapUpSec, leaseTtlMs } = config;
    const state = dependencies.track(`AMI of ${pbx}`, 'pbx');
    const events = new EventPublisher({ publisher, maxBuffered: config.maxBufferedEvents, rankOf: rankOfDeskEvent, ...told });
    publishers.push(events);
    return new PbxMonitor({ pbx, amiUrl: config.amiUrl[index] ?? '', pbxTimeZone, queueWrapUpSec, redis, lockClients, leaseTtlMs, database, events, log, state });
  });
  const metrics = monitoringMetrics(context.metrics, () => monitors);
  const housekeeping = new Housekeeping({ database, jobs: housekeepingJobs(config), timeZone: config.timeZone, log, ...metrics });
  context.report.current = () => report(monitors);

  const lifecycle = appLifecycle({
    log,
    start: () => [database, bus, ...monitors, housekeeping].forEach((part) => part.start()),
    finish: [
      { name: 'writing what is in hand', run: () => Promise.all(monitors.map((monitor) => monitor.rest())), withinMs: WRITE_MS },
      { name: 'giving back the leases', run: () => Promise.all(monitors.map((monitor) => monitor.leave())) },
      { name: 'housekeeping', run: () => housekeeping.stop() },
    ],
    close: [...monitors.map((monitor) => () => monitor.close()), () => bus.close(), () => servers.disconnect(), () => database.close()],
  });
  return { module: MonitoringModule, providers: [lifecycle] };
}

function report(monitors: readonly PbxMonitor[]): SelfReport {
  const written = monitors.filter((monitor) => monitor.writes).map((monitor) => monitor.pbx);
  const queues = monitors.flatMap((monitor) => monitor.queues());
  const sum = (of: (queue: (typeof queues)[number]) => number): number => queues.reduce((total, queue) => total + of(queue), 0);
  return {
    leader: written.length > 0,
    note: written.length > 0 ? `writes the state of ${written.join(', ')}` : `stands by for ${monitors.map((monitor) => monitor.pbx).join(', ')}`,
    details: {
      pbxsUp: monitors.filter((monitor) => monitor.up).length,
      pbxsWritten: written.length,
      queues: queues.length,
      agentsLoggedIn: sum((queue) => queue.agents.loggedIn),
      agentsIdle: sum((queue) => queue.agents.idle),
      agentsBusy: sum((queue) => queue.agents.busy),
      callersWaiting: sum((queue) => queue.waiting),
      connected: sum((queue) => queue.connected),
      extensions: monitors.reduce((total, monitor) => total + monitor.extensions().total, 0),
    },
  };
}
