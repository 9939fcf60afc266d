import { HOST, ownUrls, pbxAddress, pbxCount } from './addresses.ts';
import { type Desired, type ProcessState, SERVER_NAMES, type ServerName, type State, desiredSchema, stateSchema } from './desired.ts';
import { type Home, type Secrets, ensureSecrets, readJson } from './home.ts';
import { pbxFiles } from './pbx-processes.ts';
import { OFFSET, servicePort } from './port-block.ts';
import { amqpAnswers, askService, httpAnswers, pbxAnswers, postgresAnswers, redisAnswers } from './probes.ts';
import { isSameAlive } from './processes.ts';
import { asteriskWrapper, rabbitmqctlWrapper } from './provision.ts';

type Running = { pid: number | null; ready: boolean; restarts: number };

/** Contract 3, and more. What is given by its URL has pid null and `given` true. */
export type StackStatus = {
  running: boolean;
  generation: number;
  /** nothing of an older generation runs any more */
  settled: boolean;
  home: string;
  portBase: number | null;
  supervisorPid: number | null;
  postgresUrl: string | null;
  redisUrl: string | null;
  amqpUrl: string | null;
  amqpManagement: string | null;
  apiUrl: string | null;
  servers: (Running & { name: ServerName; given: boolean })[];
  pbx: (Running & {
    name: string;
    given: boolean;
    amiUrl: string;
    ariUrl: string;
    celLog: string | null;
    cdrCsv: string | null;
    queueLog: string | null;
    cli: string[];
  })[];
  rabbitmqctl: string[];
  logDir: string;
  services: (Running & {
    name: string;
    replica: number;
    leader: boolean;
    healthUrl: string;
    metricsUrl: string;
    waitingFor: string[];
    note: string | null;
  })[];
  /** why something cannot even be tried, one sentence each */
  problems: string[];
};

/** The supervisor's account, while it lives. */
export function liveState(home: Home): State | undefined {
  const state = readJson(home.stateFile, stateSchema);
  return state && isSameAlive(state.supervisor) ? state : undefined;
}

/** Asks everything that runs how it is, all at once (≤ 2 s). */
export async function readStatus(home: Home): Promise<StackStatus> {
  const state = liveState(home);
  const desired = readJson(home.desiredFile, desiredSchema);
  if (!state || !desired) return { ...stopped(home, state), problems: orphansOf(home) };
  const secrets = ensureSecrets(home);
  const [servers, pbx, services] = await Promise.all([
    Promise.all(SERVER_NAMES.map((name) => serverStatus(desired, state, secrets, name))),
    Promise.all(Array.from({ length: pbxCount(desired) }, (_, index) => pbxStatus(desired, state, home, secrets, index + 1))),
    Promise.all(state.processes.filter(({ kind }) => kind === 'service').map((one) => serviceStatus(desired, one))),
  ]);
  const ownBroker = desired.servers.includes('rabbitmq');
  return {
    ...stopped(home, state),
    running: true,
    generation: state.generation,
    settled: state.settled,
    portBase: desired.portBase,
    postgresUrl: desired.urls.database,
    redisUrl: desired.urls.redis,
    amqpUrl: desired.urls.amqp,
    amqpManagement: ownBroker ? ownUrls(desired.portBase, secrets).amqpManagement : null,
    apiUrl: `http://${HOST}:${desired.portBase + OFFSET.gateway}`,
    servers,
    pbx,
    rabbitmqctl: ownBroker ? [rabbitmqctlWrapper(home)] : [],
    services,
    problems: state.problems,
  };
}

/** What a supervisor that was killed left running. */
function orphansOf(home: Home): string[] {
  const left = readJson(home.stateFile, stateSchema)?.processes.filter(({ process: known }) => known && isSameAlive(known)) ?? [];
  if (left.length === 0) return [];
  return [`The supervisor was killed and left ${left.map(({ id }) => id).join(', ')}: "stack up" or "stack down" ends them`];
}

function stopped(home: Home, state: State | undefined): StackStatus {
  return {
    running: false,
    generation: 0,
    settled: true,
    home: home.dir,
    portBase: null,
    supervisorPid: state?.supervisor.pid ?? null,
    postgresUrl: null,
    redisUrl: null,
    amqpUrl: null,
    amqpManagement: null,
    apiUrl: null,
    servers: [],
    pbx: [],
    rabbitmqctl: [],
    logDir: home.logDir,
    services: [],
    problems: [],
  };
}

const processOf = (state: State, id: string): { pid: number | null; restarts: number } => {
  const found = state.processes.find((one) => one.id === id);
  return { pid: found?.process?.pid ?? null, restarts: found?.restarts ?? 0 };
};

async function serverStatus(desired: Desired, state: State, secrets: Secrets, name: ServerName): Promise<StackStatus['servers'][number]> {
  const given = !desired.servers.includes(name);
  return { name, given, ...processOf(state, name), ready: await serverAnswers(desired, secrets, name, given) };
}

async function serverAnswers(desired: Desired, secrets: Secrets, name: ServerName, given: boolean): Promise<boolean> {
  const own = ownUrls(desired.portBase, secrets);
  if (name === 'redis') return redisAnswers(given ? desired.urls.redis : own.redis);
  if (name === 'postgres') {
    // `postgres` is there from the start, the database of ours is made when the server answers.
    return postgresAnswers(given ? desired.urls.database : new URL('/postgres', own.database).href);
  }
  if (given) return amqpAnswers(desired.urls.amqp);
  return (await Promise.all([amqpAnswers(own.amqp), httpAnswers(new URL('/', own.amqpManagement).href)])).every(Boolean);
}

async function pbxStatus(desired: Desired, state: State, home: Home, secrets: Secrets, index: number): Promise<StackStatus['pbx'][number]> {
  const { name, amiDialerUrl, ariUrl } = pbxAddress(desired, secrets, index);
  const given = index > desired.pbx;
  const files = pbxFiles(home, name);
  return {
    name,
    given,
    ...processOf(state, name),
    ready: await pbxAnswers(amiDialerUrl, ariUrl),
    amiUrl: amiDialerUrl,
    ariUrl,
    celLog: given ? (desired.urls.celLog ?? null) : files.celLog,
    cdrCsv: given ? (desired.urls.cdrCsv ?? null) : files.cdrCsv,
    queueLog: given ? null : files.queueLog,
    cli: given ? [] : [asteriskWrapper(home, name)],
  };
}

async function serviceStatus(desired: Desired, one: ProcessState): Promise<StackStatus['services'][number]> {
  const name = one.name as Parameters<typeof servicePort>[1];
  const url = `http://${HOST}:${servicePort(desired.portBase, name, one.replica)}`;
  const healthUrl = `${url}/health/ready`;
  const health = one.process ? await askService(healthUrl) : { ready: false, waitingFor: [], leader: false, note: null };
  const note = health.note ?? (one.process ? null : `not running: ${one.lastExit ?? 'not started yet'}`);
  const { name: service, replica, restarts } = one;
  return { name: service, replica, pid: one.process?.pid ?? null, restarts, ...health, note, healthUrl, metricsUrl: `${url}/metrics` };
}
