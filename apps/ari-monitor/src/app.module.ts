import { BusConnection } from '@discador/bus/bus-connection';
import { assertTopology } from '@discador/bus/topology';
import { DiscadorError } from '@discador/contracts/discador-error';
import { connectRedisServers } from '@discador/redis/connect';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { SelfReport, ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { monitorMetrics } from './metrics.ts';
import { PbxFeed } from './pbx-feed.ts';
import type { MonitorSettings } from './settings.ts';

@Module({})
export class MonitorModule {}

/** Wires the monitor: one feed per PBX, over one connection to the bus and one to each Redis.
 *  @throws DiscadorError `configuration` when the lists of names and addresses differ in length, or a name comes twice */
export function createModule(context: ServiceContext<MonitorSettings>): DynamicModule {
  const { config, log, dependencies, replica } = context;
  const { redisUrl, redisLocks } = config;
  checkPbxs(config); // first: what is wrong with its settings is said before anything connects
  const name = `ari-monitor-${replica}`;
  const servers = connectRedisServers({ redisUrl, redisLocks, name, log, track: (server) => dependencies.track(server) });
  const { redis, lockClients } = servers;
  const busState = dependencies.track('rabbitmq');
  const onBusUp = (): void => {
    busState.up();
    for (const feed of feeds) feed.drain();
  };
  const bus = new BusConnection({
    url: config.amqpUrl,
    name,
    log,
    state: { up: onBusUp, down: (reason) => busState.down(reason) },
    topology: (channel) => assertTopology(channel, config.legacyEvents),
    gatherMs: 0, // what waits when the process freezes would leave under a lease that is another's by then
  });
  const metrics = monitorMetrics(context.metrics, () => feeds);
  const share = 1 / config.pbxName.length;
  const feeds = config.pbxName.map((pbx, index) => {
    const state = dependencies.track(`pbx ${pbx}`, 'pbx');
    const ariUrl = config.ariUrl[index] ?? '';
    return new PbxFeed({ pbx, ariUrl, settings: config, share, bus, redis, lockClients, log, state, metrics: metrics.of(pbx) });
  });
  context.report.current = () => report(feeds);
  const each = (run: (feed: PbxFeed) => Promise<void>) => () => Promise.all(feeds.map(run));
  const lifecycle = appLifecycle({
    log,
    start: () => [bus, ...feeds].forEach((part) => part.start()),
    finish: [
      { name: 'candidacy, and noting what was seen', run: each((feed) => feed.rest()) },
      { name: 'event streams', run: each((feed) => feed.deafen()) },
      // Before the leases go: the next ones need not repeat it.
      { name: 'publishing events', run: () => publishRest(feeds) },
      { name: 'giving back the leases', run: each((feed) => feed.leave()) },
    ],
    close: [() => bus.close(), () => servers.disconnect()],
  });
  return { module: MonitorModule, providers: [lifecycle] };
}

function checkPbxs({ pbxName, ariUrl }: MonitorSettings): void {
  if (ariUrl.length !== pbxName.length) throw new DiscadorError('configuration', 'pbxName (PBX_NAME) and ariUrl (ARI_URL) must be lists of the same length');
  if (new Set(pbxName).size !== pbxName.length) throw new DiscadorError('configuration', 'pbxName (PBX_NAME) names a PBX twice');
}

/** @throws when events are left that are neither at the broker nor in a spool; a standby publishes them, if there is one */
async function publishRest(feeds: readonly PbxFeed[]): Promise<void> {
  const left = (await Promise.all(feeds.map((feed) => feed.flush()))).reduce((sum, one) => sum + one, 0);
  if (left > 0) throw new DiscadorError('bus_down', `${left} events were neither published nor kept`, { retry: 'later' });
}

/** The details of one PBX as they are, of several each under its name. */
function report(feeds: readonly PbxFeed[]): SelfReport {
  const names = (which: readonly PbxFeed[]): string => which.map(({ pbx }) => pbx).join(', ');
  const published = feeds.filter(({ publishes }) => publishes);
  const others = feeds.filter(({ publishes }) => !publishes);
  const note = [published.length > 0 && `publishes the events of ${names(published)}`, others.length > 0 && `stands by for the events of ${names(others)}`].filter(Boolean);
  const detailed = feeds.flatMap((feed) => Object.entries(feed.details()).map(([key, value]) => [feeds.length === 1 ? key : `${feed.pbx}.${key}`, value]));
  return { leader: published.length > 0, note: note.join('; '), details: { pbx: names(feeds), publishes: names(published), ...Object.fromEntries(detailed) } };
}
