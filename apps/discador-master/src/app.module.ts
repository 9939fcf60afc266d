import { BusConnection } from '@discador/bus/bus-connection';
import { eventMetrics } from '@discador/bus/event-metrics';
import { EventPublisher } from '@discador/bus/event-publisher';
import { Publisher } from '@discador/bus/publisher';
import { Database } from '@discador/postgres/database';
import { connectRedisServers } from '@discador/redis/connect';
import { Permits } from '@discador/redis/permits';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { CampaignRelay } from './campaign-relay.ts';
import { Election } from './election.ts';
import { masterMetrics } from './metrics.ts';
import { Planner } from './planner.ts';
import type { MasterSettings } from './settings.ts';
import { SliceDesk } from './slice-desk.ts';

/** All its statements take milliseconds: on a connection that does not answer, dialling would stand still. */
const ANSWER_WITHIN_MS = 3_000;
/** A round takes milliseconds; with a server silent the leadership is not held for its sake: the next term voids what it still writes. */
const ROUND_MS = 1000;
/** Events of slices that wait for the broker; nothing is ordered while it is away. */
const MAX_BUFFERED_EVENTS = 1_000;
/** Nobody acts on the events of slices: they may wait for each other. */
const GATHER_MS = 250;

@Module({})
export class MasterModule {}

/** Wires the master: an election that starts and stops the planner. */
export function createModule(context: ServiceContext<MasterSettings>): DynamicModule {
  const { config, log, dependencies } = context;
  const name = `discador-master-${context.replica}`;
  const database = new Database({ url: config.databaseUrl, name, log, state: dependencies.track('postgres'), answerWithinMs: ANSWER_WITHIN_MS, maxConnections: 4 });
  const { redisUrl, redisLocks } = config;
  const servers = connectRedisServers({ redisUrl, redisLocks, name, log, track: (server) => dependencies.track(server) });
  const { redis, lockClients } = servers;
  const bus = new BusConnection({ url: config.amqpUrl, name, log, state: dependencies.track('rabbitmq') });
  const metrics = masterMetrics(context.metrics);
  const publisher = new Publisher(bus);
  const told = eventMetrics(context.metrics, () => events.buffered);
  const events = new EventPublisher({ publisher, maxBuffered: MAX_BUFFERED_EVENTS, gatherMs: GATHER_MS, ...told });
  const relay = new CampaignRelay({ database, publisher, log, ...told });
  const desk = new SliceDesk({ database, publisher, events, sliceLifeMs: config.sliceLifeMs, log, metrics });
  const planner = new Planner({ database, redis, permits: new Permits(redis), desk, pbxs: config.pbxName, tickMs: config.tickMs, log, metrics });
  const election = new Election({
    replica: context.replica,
    lockClients,
    redis,
    database,
    ttlMs: config.lockTtlMs,
    log,
    onLead: (term, trusted) => [planner.start(term, trusted), relay.start(trusted)],
    onStandDown: async () => void (await Promise.all([planner.stop(), relay.stop()])),
  });
  context.report.current = () => {
    const { leader, note } = election.report();
    metrics.leader.set(leader ? 1 : 0);
    return { leader, note: leader ? `${note}; ${planner.note}` : note, details: { term: election.term ?? null, ...planner.details() } };
  };

  const lifecycle = appLifecycle({
    log,
    start: () => [database, bus, election].forEach((part) => part.start()),
    finish: [
      { name: 'planning round', run: () => Promise.all([planner.stop(), relay.stop()]), withinMs: ROUND_MS },
      { name: 'giving back the leadership', run: () => election.stop() },
      { name: 'events in hand', run: () => events.flush(ROUND_MS) },
    ],
    close: [() => events.close(), () => bus.close(), () => servers.disconnect(), () => database.close()],
  });
  return { module: MasterModule, providers: [lifecycle] };
}
