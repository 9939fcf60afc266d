import { BusConnection } from '@discador/bus/bus-connection';
import { Publisher } from '@discador/bus/publisher';
import { DiscadorError } from '@discador/contracts/discador-error';
import { routingKeyOf } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import type { CallEffect } from '@discador/domain/calls/call-state';
import { connectRedisServers } from '@discador/redis/connect';
import { Lease } from '@discador/redis/lease';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { callCloudEvent } from './call-cloud-event.ts';
import { monitorMetrics } from './metrics.ts';
import { Outbox, type OutboxMessage } from './outbox.ts';
import { PbxObserver, type Observation } from './pbx-observer.ts';
import type { MonitorSettings } from './settings.ts';
import { Unobserved } from './unobserved.ts';

const EVERY_MS = 1_000;
/** A replica that has just heard the PBX again may still become the publisher of what it holds. */
const EXPIRE_WHEN_SOUND_FOR_MS = 5_000;
const FLUSH_MS = 3_000;

@Module({})
export class MonitorModule {}

/** Wires the monitor: every replica observes and holds events; the one with the PBX's lease publishes them. */
export function createModule(context: ServiceContext<MonitorSettings>): DynamicModule {
  const { config, log, dependencies } = context;
  const name = `ari-monitor-${context.replica}`;
  const { redisUrl, redisLocks } = config;
  const servers = connectRedisServers({ redisUrl, redisLocks, name, log, track: (server) => dependencies.track(server) });
  const { lockClients } = servers;
  const busState = dependencies.track('rabbitmq');
  const onBusUp = (): void => {
    busState.up();
    outbox.drain();
  };
  const bus = new BusConnection({ url: config.amqpUrl, name, log, state: { up: onBusUp, down: (reason) => busState.down(reason) } });
  const publisher = new Publisher(bus);
  const outbox = new Outbox({
    publisher,
    keepMs: config.standbyKeepSec * 1_000,
    maxBuffered: config.maxBuffered,
    onPublished: (latencyMs) => metrics.publishSeconds.observe(latencyMs / 1_000),
    onFailure: () => metrics.publishFailures.inc(),
    onDropped: (message) => {
      metrics.dropped.inc();
      if (message.important) log.error({ attemptId: message.messageId }, 'buffer full: the end of a call is not published; the sweeper will close it');
    },
  });
  const observer = new PbxObserver({
    pbx: config.pbxName,
    ariUrl: config.ariUrl,
    application: `discador-${context.replica}`,
    log,
    state: dependencies.track(`pbx ${config.pbxName}`),
    onEffects: (effects, receivedAt) => effects.forEach((effect) => outbox.add(toMessage(config.pbxName, effect, receivedAt))),
    onEvent: (type) => metrics.countEvent(type),
    onReconnect: () => metrics.connections.inc(),
    onSound: (sound) => {
      // Before the lease goes: who listened all along sees that there is no gap, though it began to listen since the last note.
      if (!sound && lease.held) void unobserved.note();
      candidacy.set(sound);
    },
  });
  const unobserved = new Unobserved({
    pbx: config.pbxName,
    redis: servers.redis,
    observation: () => observer.observation,
    publishedUntil: () => outbox.settledUntil,
    onGap: (gap, seconds) => {
      log.warn({ pbx: config.pbxName, seconds }, 'nobody saw the events of this PBX');
      metrics.unobservedSeconds.inc(seconds);
      outbox.add(gap);
    },
  });
  const lease = new Lease({
    clients: lockClients,
    key: `discador:lock:pbx:${config.pbxName}`,
    ttlMs: config.leaseTtlMs,
    log,
    onAcquired: async () => {
      await unobserved.takeOver();
      log.info({ pbx: config.pbxName, held: outbox.size }, 'publishes the events of this PBX from now on');
      outbox.activate();
    },
    onLost: (reason) => {
      log.warn({ pbx: config.pbxName, reason }, 'no longer publishes the events of this PBX');
      outbox.deactivate();
    },
  });
  const candidacy = new Candidacy(lease);
  const metrics = monitorMetrics(context.metrics, {
    connected: () => observer.connected,
    publishing: () => lease.held,
    active: () => observer.active,
    buffered: () => outbox.size,
  });
  context.report.current = () => ({
    leader: lease.held,
    note: `${lease.held ? 'publishes' : 'stands by for'} the events of ${config.pbxName}`,
    details: { pbx: config.pbxName, connected: observer.connected, callsActive: observer.active, buffered: outbox.size, ...observationDetails(observer.observation), unobservedSec: unobserved.totalSec },
  });
  let everySecond: NodeJS.Timeout | undefined;
  const lifecycle = appLifecycle({
    log,
    start: () => {
      bus.start();
      observer.start();
      everySecond = setInterval(() => {
        const { sound } = observer.observation;
        if (sound && Date.now() - sound.since > EXPIRE_WHEN_SOUND_FOR_MS) outbox.expire(Date.now());
        if (sound && lease.held) void unobserved.note();
      }, EVERY_MS);
    },
    finish: [
      { name: 'candidacy', run: () => candidacy.close() },
      { name: 'noting what was seen', run: () => (lease.held ? unobserved.note() : undefined) },
      { name: 'event stream', run: () => observer.stop() },
      // Before the lease goes: the next one need not repeat it.
      { name: 'publishing events', run: () => publishRest(outbox) },
      { name: 'giving back the lease', run: () => lease.stop() },
    ],
    close: [() => clearInterval(everySecond), () => outbox.close(), () => bus.close(), () => servers.disconnect()],
  });
  return { module: MonitorModule, providers: [lifecycle] };
}

/** @throws when events are left that the broker has not confirmed; a standby publishes them, if there is one */
async function publishRest(outbox: Outbox): Promise<void> {
  const left = await outbox.flush(FLUSH_MS);
  if (left > 0) throw new DiscadorError('bus_down', `${left} events were not published`, { retry: 'later' });
}

/** Only a replica that hears the PBX stands for publisher: when its socket goes, one that listened all along takes over without a gap. */
class Candidacy {
  readonly #lease: Lease;
  #stands = false;
  #closed = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  set(stands: boolean): void {
    if (this.#closed || stands === this.#stands) return;
    this.#stands = stands;
    this.#turn = this.#turn.then(() => (stands ? this.#lease.start() : this.#lease.stop()));
  }

  /** Leaves the lease as it is from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }
}

function observationDetails({ sound, lost }: Observation): Record<string, string | null> {
  const until = sound?.heardUntil ?? lost?.heardUntil;
  return { observedUntil: until === undefined ? null : new Date(until).toISOString(), lastLoss: lost?.reason ?? null };
}

function toMessage(pbx: string, effect: CallEffect, receivedAt: number): OutboxMessage {
  const event = callCloudEvent(pbx, effect);
  return {
    exchange: EVENTS_EXCHANGE,
    routingKey: routingKeyOf(event),
    content: Buffer.from(JSON.stringify(event)),
    messageId: event.id,
    type: event.type,
    important: effect.type === 'ended',
    receivedAt,
  };
}
