import { join } from 'node:path';
import { HOST, pbxAddress, pbxCount, type PbxAddress } from './addresses.ts';
import type { Desired } from './desired.ts';
import { type Home, REPO_ROOT, type Secrets } from './home.ts';
import { pbxFiles } from './pbx-processes.ts';
import { type ServiceName, servicePort } from './port-block.ts';
import { type ProcessSpec, RANK } from './process-spec.ts';

/** Longer than the services' own grace for calls in hand (SHUTDOWN_GRACE_SEC, 28 s). */
const STOP_TIMEOUT_MS = 30_000;

/** Left alone, V8 lets the monitor's short-lived garbage grow to 390 MiB at full speed, and glibc keeps an arena per thread: so it stays
 *  below 180 up to 50,000 events/s, for a tenth of its speed. A limit on the heap would do it too, but end the process when something really needs the room. */
export const LEAN = { flags: ['--max-semi-space-size=8', '--heap-growing-percent=20'], env: { MALLOC_ARENA_MAX: '1' } };

/** The processes of our services, one per replica.
 *  @param nodePath the Node binary to run them with */
export function serviceProcesses(desired: Desired, home: Home, secrets: Secrets, nodePath: string): ProcessSpec[] {
  return desired.services.flatMap(({ name, replicas }) =>
    Array.from({ length: replicas }, (_, index) => serviceProcess(desired, home, secrets, nodePath, name, index + 1)),
  );
}

function serviceProcess(desired: Desired, home: Home, secrets: Secrets, nodePath: string, name: ServiceName, replica: number): ProcessSpec {
  return {
    id: `${name}-${replica}`,
    kind: 'service',
    name,
    replica,
    rank: RANK.service,
    argv: [nodePath, '--enable-source-maps', ...(name === 'ari-monitor' ? LEAN.flags : []), `apps/${name}/dist/main.js`],
    env: serviceEnvironment(desired, home, secrets, name, replica),
    cwd: REPO_ROOT,
    runAs: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: STOP_TIMEOUT_MS,
    leftovers: [],
    configHash: desired.buildHash,
  };
}

/** The replicas of a service that looks after PBXs are dealt out to them in turn. @returns 1-based */
const pbxOfReplica = (desired: Desired, replica: number): number => ((replica - 1) % Math.max(1, pbxCount(desired))) + 1;

function serviceEnvironment(desired: Desired, home: Home, secrets: Secrets, name: ServiceName, replica: number): Record<string, string> {
  const pbx = pbxAddress(desired, secrets, pbxOfReplica(desired, replica));
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home.dir,
    LANG: 'C.UTF-8',
    DATABASE_URL: desired.urls.database,
    REDIS_URL: desired.urls.redis,
    AMQP_URL: desired.urls.amqp,
    ...pbxEnvironment(name, pbx, allPbxs(desired, secrets)),
    HTTP_HOST: HOST,
    HTTP_PORT: String(servicePort(desired.portBase, name, replica)),
    REPLICA: String(replica),
    ...(name === 'record-shipper' ? recordFiles(desired, home, pbx.name) : {}),
    ...(name === 'ari-monitor' ? { ...LEAN.env, SPOOL_DIR: join(home.dir, 'spool', `ari-monitor-${replica}`) } : {}),
    ...(name === 'gateway' ? { IMPORT_FOLDER: join(home.dir, 'imports') } : {}),
    ...desired.env['*'],
    ...desired.env[name],
  };
}

/** A worker dials over all PBXs, the master plans over the agents of all; the others look after one. */
function pbxEnvironment(name: ServiceName, own: PbxAddress, all: PbxAddress[]): Record<string, string> {
  const joined = (pick: (pbx: PbxAddress) => string): string => all.map(pick).join(',');
  if (name === 'discador-master') return { PBX_NAME: joined((pbx) => pbx.name) };
  if (name !== 'campaign-worker') return { PBX_NAME: own.name, AMI_URL: own.amiMonitorUrl, ARI_URL: own.ariUrl };
  return { PBX_NAME: joined((pbx) => pbx.name), AMI_URL: joined((pbx) => pbx.amiDialerUrl), ARI_URL: joined((pbx) => pbx.ariUrl) };
}

const allPbxs = (desired: Desired, secrets: Secrets): PbxAddress[] => Array.from({ length: pbxCount(desired) }, (_, index) => pbxAddress(desired, secrets, index + 1));

function recordFiles(desired: Desired, home: Home, pbx: string): Record<string, string> {
  const own = pbxFiles(home, pbx);
  return { CEL_LOG: desired.urls.celLog ?? own.celLog, CDR_CSV: desired.urls.cdrCsv ?? own.cdrCsv };
}
