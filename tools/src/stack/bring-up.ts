import { migrate } from '@discador/postgres/migrate';
import pg from 'pg';
import { build } from '../build/main.ts';
import { ownUrls, pbxCount } from './addresses.ts';
import { type Part, awaitReady } from './await-ready.ts';
import { hashBuilt } from './build-hash.ts';
import type { StackConfig } from './config.ts';
import { type Desired, type Programs, SERVER_NAMES, type ServerName, desiredSchema } from './desired.ts';
import { type Home, type Secrets, ensureSecrets, readJson, writeJson } from './home.ts';
import { ensurePrograms } from './packages.ts';
import { dataDirFor, provision, serverAccount } from './provision.ts';
import { type Report, step } from './report.ts';
import { EXIT, StackError } from './stack-error.ts';
import { liveState } from './status.ts';
import { ensureSupervisor } from './supervise.ts';
import { ensureAsterisk } from './unpack-asterisk.ts';
import { type UpOptions, servicesFor } from './up-options.ts';

/** A replaced service may take 30 s to end. */
const READY_MS = 90_000;

/** Carries out `up`: install and build, servers and PBX, schema, services; each part ready before the next. */
export async function bringUp(home: Home, options: UpOptions, report: Report, config: StackConfig): Promise<void> {
  const secrets = ensureSecrets(home);
  const before = liveState(home) && readJson(home.desiredFile, desiredSchema);
  const servers = ownServers(config, before);
  const pbx = ownPbx(options, config, before);
  const [[programs, asteriskRoot]] = await Promise.all([
    ensureInstalled(servers, pbx, config, report),
    options.serversOnly || options.build === false ? undefined : step(report, 'building', build),
  ]);
  const { portBase } = await ensureSupervisor(home, config.portBase, report);
  const runAs = await serverAccount();
  const dataDir = dataDirFor(home, runAs, secrets, report);
  const base: Desired = {
    generation: before?.generation ?? 0,
    portBase,
    servers,
    runAs,
    dataDir,
    programs,
    pbx,
    asteriskRoot,
    agents: options.agents ?? 10,
    trunkUri: options.trunkUri ?? config.trunkUri,
    urls: addresses(config, portBase, secrets),
    services: options.serversOnly ? [] : (before?.services ?? []),
    buildHash: before?.buildHash ?? '',
    env: before?.env ?? {},
    endsAt: null,
  };
  await provision(base, home, secrets, report);
  await carryOut(home, { ...base, generation: base.generation + 1 }, ['servers', 'pbx'], serversTitle(base), report);
  if (servers.includes('postgres')) await ensureDatabase(portBase, secrets);
  if (options.serversOnly) return;
  await migrateDatabase(base.urls.database, report);
  const services = servicesFor(options, pbxCount(base), pbx > 0 || Boolean(config.given.celLog));
  const env = { ...options.env, '*': { ...config.passedOn, ...options.env?.['*'] } };
  const complete: Desired = { ...base, generation: base.generation + 2, services, buildHash: hashBuilt(), env };
  await carryOut(home, complete, ['servers', 'pbx', 'services'], servicesTitle(complete), report);
}

/** Installs or unpacks what our own servers and PBXs run and the machine does not have. */
export async function installFor(options: UpOptions, report: Report, config: StackConfig): Promise<void> {
  await ensureInstalled(ownServers(config, undefined), ownPbx(options, config, undefined), config, report);
}

const ensureInstalled = (servers: ServerName[], pbx: number, config: StackConfig, report: Report): Promise<[Programs, string]> =>
  Promise.all([
    ensurePrograms(servers, report),
    pbx > 0 ? ensureAsterisk({ cacheDir: config.cacheDir, mirror: config.debianMirror, suite: config.debianSuite }, report) : '',
  ]);

/** A server that is given by its URL is not started; one that runs already stays: a proxy may have been put before it. */
const ownServers = (config: StackConfig, before: Desired | undefined): ServerName[] => {
  const given: Record<ServerName, string | undefined> = { postgres: config.given.database, redis: config.given.redis, rabbitmq: config.given.amqp };
  return SERVER_NAMES.filter((name) => !given[name] || before?.servers.includes(name));
};

function ownPbx(options: UpOptions, config: StackConfig, before: Desired | undefined): number {
  if (config.given.ami) return before?.pbx ?? 0;
  return options.pbx ?? 1;
}

function addresses(config: StackConfig, portBase: number, secrets: Secrets): Desired['urls'] {
  const own = ownUrls(portBase, secrets);
  const { database, redis, amqp, ami, ari, celLog, cdrCsv } = config.given;
  return { database: database ?? own.database, redis: redis ?? own.redis, amqp: amqp ?? own.amqp, ami, ari, celLog, cdrCsv };
}

function serversTitle(desired: Desired): string {
  const titles: Record<ServerName, string> = { postgres: 'PostgreSQL', redis: 'Redis', rabbitmq: 'RabbitMQ' };
  const own = desired.servers.map((name) => titles[name]);
  const pbx = desired.pbx === 0 ? [] : [desired.pbx === 1 ? 'Asterisk' : `${desired.pbx} Asterisks`];
  return [...own, ...pbx].join(', ') || 'the given servers';
}

const servicesTitle = (desired: Desired): string => desired.services.map(({ name, replicas }) => (replicas > 1 ? `${replicas} × ${name}` : name)).join(', ');

/** Tells the supervisor what to run and waits until it does. */
async function carryOut(home: Home, desired: Desired, parts: Part[], title: string, report: Report): Promise<void> {
  await step(report, `${title} ready on ports ${desired.portBase}–${desired.portBase + 99}`, async () => {
    writeJson(home.desiredFile, desired);
    await awaitReady(home, desired.generation, parts, READY_MS);
  });
}

/** Our own cluster starts without our database. */
async function ensureDatabase(portBase: number, secrets: Secrets): Promise<void> {
  const own = ownUrls(portBase, secrets).database;
  const name = new URL(own).pathname.slice(1);
  const client = new pg.Client({ connectionString: new URL('/postgres', own).href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
}

async function migrateDatabase(url: string, report: Report): Promise<void> {
  await step(report, 'database schema up to date', async () => {
    try {
      const { applied } = await migrate(url);
      if (applied.length > 0) report(`  applied ${applied.join(', ')}`);
    } catch (error) {
      throw new StackError(`The database could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`, EXIT.failed);
    }
  });
}
