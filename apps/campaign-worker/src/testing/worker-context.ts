import { Dependencies } from '@discador/runtime/dependencies';
import type { ServiceContext } from '@discador/runtime/service-context';
import { required } from '@discador/runtime/testing/required';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { WorkerSettings } from '../settings.ts';

/** The logical Redis database of this app's tests. */
export const REDIS_DB = 13;

/** What a worker is started with in tests: the test stack's servers, unless `changes` names others. */
export function workerContext(changes: Partial<WorkerSettings> = {}): ServiceContext<WorkerSettings> {
  const config: WorkerSettings = {
    httpHost: '127.0.0.1',
    httpPort: 0,
    replica: 'test',
    logLevel: 'fatal',
    shutdownGraceSec: 5,
    databaseUrl: required('DATABASE_URL'),
    redisUrl: `${required('REDIS_URL')}/${REDIS_DB}`,
    amqpUrl: required('AMQP_URL'),
    pbxName: ['pbx1'],
    amiUrl: [required('AMI_URL')],
    ariUrl: [required('ARI_URL')],
    slicePrefetch: 4,
    outcomeBatchSize: 100,
    outcomeBatchMs: 20,
    maxUnseenOriginates: 40,
    sweepEveryMs: 60_000,
    pbxLostAfterSec: 600,
    ...changes,
  };
  return {
    app: 'campaign-worker',
    replica: config.replica,
    config,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    dependencies: new Dependencies(),
    report: { current: () => ({ details: {} }) },
  };
}
