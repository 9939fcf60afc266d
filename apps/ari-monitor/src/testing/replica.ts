import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertTopology } from '@discador/bus/topology';
import { callEventSchemas, type CallEvent } from '@discador/contracts/events/call-events';
import { EVENTS_EXCHANGE, TERM_HEADER } from '@discador/contracts/events/envelope';
import { pbxEventSchemas, type PbxEvent } from '@discador/contracts/events/pbx-events';
import { Dependencies } from '@discador/runtime/dependencies';
import type { ServiceContext } from '@discador/runtime/service-context';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connect } from 'amqplib';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createModule } from '../app.module.ts';
import type { MonitorSettings } from '../settings.ts';

export interface Replica {
  nest: INestApplicationContext;
  context: ServiceContext<MonitorSettings>;
  publishes(): boolean;
  /** events held, unconfirmed or ready for a takeover */
  held(): number;
}

const spools = mkdtempSync(join(tmpdir(), 'discador-monitor-'));
process.once('exit', () => rmSync(spools, { recursive: true, force: true }));

/** @throws when the tests run without the stack that sets the variable */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests through npm, which starts the stack`);
  return value;
}

type Changes = Pick<MonitorSettings, 'replica'> & Partial<MonitorSettings> & { pbxs: Readonly<Record<string, string>> };

/** The monitor's part of one process, without HTTP. @param pbxs  name → ARI address */
export async function startReplica({ pbxs, ...changes }: Changes): Promise<Replica> {
  const config: MonitorSettings = {
    httpHost: '127.0.0.1',
    httpPort: 0,
    logLevel: 'fatal',
    shutdownGraceSec: 5,
    amqpUrl: required('AMQP_URL'),
    redisUrl: required('REDIS_URL'),
    leaseTtlMs: 300,
    standbyKeepSec: 15,
    trunkEndpoints: ['trunk', 'carrier'],
    maxBuffered: 10_000,
    pbxName: Object.keys(pbxs),
    ariUrl: Object.values(pbxs),
    legacyEvents: [],
    spoolDir: mkdtempSync(join(spools, 'replica-')),
    spoolMaxMb: 100,
    ...changes,
  };
  const context: ServiceContext<MonitorSettings> = {
    app: 'ari-monitor',
    replica: config.replica,
    config,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    dependencies: new Dependencies(),
    report: { current: () => ({ details: {} }) },
  };
  const nest = await NestFactory.createApplicationContext(createModule(context), { logger: false });
  const report = () => context.report.current();
  return { context, nest, publishes: () => report().leader === true, held: () => Number(report().details['buffered']) };
}

/** Collects the call events of some PBXs from the bus, each checked against its schema.
 *  @returns the growing list, and what ends the collecting */
export async function watchEvents(pbxs: readonly string[]): Promise<{ got: CallEvent[]; stop(): Promise<void> }> {
  const got: CallEvent[] = [];
  const stop = await watch('call.#', (event) => {
    if (pbxs.includes(event.pbx)) got.push(callEventSchemas[(event as CallEvent).type].parse(event) as CallEvent);
  });
  return { got, stop };
}

/** As above, what is told of one PBX itself: by `type`, with the term of who told it. */
export async function watchPbx(pbx: string): Promise<{ told: PbxEvent[]; terms: number[]; stop(): Promise<void> }> {
  const told: PbxEvent[] = [];
  const terms: number[] = [];
  const stop = await watch(`pbx.*.${pbx}`, (event, term) => {
    told.push(pbxEventSchemas[(event as PbxEvent).type].parse(event) as PbxEvent);
    terms.push(term);
  });
  return { told, terms, stop };
}

async function watch(key: string, take: (event: CallEvent | PbxEvent, term: number) => void): Promise<() => Promise<void>> {
  const connection = await connect(required('AMQP_URL'));
  const channel = await connection.createChannel();
  await assertTopology(channel);
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, EVENTS_EXCHANGE, key);
  await channel.consume(queue, (message) => message && take(JSON.parse(message.content.toString()) as CallEvent | PbxEvent, Number(message.properties.headers?.[TERM_HEADER])), { noAck: true });
  return () => connection.close();
}

/** Waits until it is so; the test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
