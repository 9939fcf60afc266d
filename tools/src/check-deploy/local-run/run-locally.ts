import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build/main.ts';
import { HOST, pbxAddress } from '../../stack/addresses.ts';
import { readConfig } from '../../stack/config.ts';
import { desiredSchema } from '../../stack/desired.ts';
import { ensureSecrets, homeAt, readJson, REPO_ROOT } from '../../stack/home.ts';
import { reportToStderr, step } from '../../stack/report.ts';
import { EXIT, StackError } from '../../stack/stack-error.ts';
import { reset, type StackStatus, up } from '../../stack/stack.ts';
import { appOf } from '../assertions/settings.ts';
import type { Rendered } from '../chart.ts';
import { environmentOf } from '../container-environment.ts';
import { type Container, type Finding, type KubeObject, nameOf, type PodTemplate, podTemplatesOf } from '../kube-object.ts';
import { StartedContainer } from './started-container.ts';
import { localPath, type LocalServers, toLocal } from './to-local.ts';

const START_MS = 60_000;
const READY_MS = 60_000;
const TEST_MS = 120_000;

/** A container of the rendering and the pod that it is in. */
interface Part {
  pod: PodTemplate;
  container: Container;
}

interface StartedPart extends Part {
  process: StartedContainer;
}

/** Starts what a rendering would start, here: the migration, then each service with exactly its command, arguments and environment (hosts and
 *  folders mapped), asks each probe at its path and port, runs the release's own test, and stops everything.
 *  @param rendered  with one PBX in the cluster and the simulated carrier */
export async function runLocally({ objects }: Rendered): Promise<Finding[]> {
  const config = readConfig({ ...process.env, DISCADOR_HOME: join(REPO_ROOT, '.discador', 'deploy') });
  const folder = mkdtempSync(join(tmpdir(), 'discador-deploy-'));
  try {
    await step(reportToStderr, 'building', build);
    const stack = await up({ serversOnly: true }, reportToStderr, config);
    return await new LocalRelease(objects, serversOf(stack), stack, folder).run();
  } finally {
    await reset(reportToStderr, config);
    rmSync(folder, { recursive: true, force: true });
  }
}

function serversOf(stack: StackStatus): LocalServers {
  const home = homeAt(stack.home);
  const desired = readJson(home.desiredFile, desiredSchema);
  if (!desired) throw new StackError('The stack does not say what it is', EXIT.failed);
  const pbx = pbxAddress(desired, ensureSecrets(home), 1);
  const { postgresUrl, redisUrl, amqpUrl } = stack;
  return { postgres: postgresUrl ?? '', redis: redisUrl ?? '', amqp: amqpUrl ?? '', amiDialer: pbx.amiDialerUrl, amiMonitor: pbx.amiMonitorUrl, ari: pbx.ariUrl, gateway: `http://${HOST}:3000` };
}

class LocalRelease {
  readonly #objects: readonly KubeObject[];
  readonly #servers: LocalServers;
  readonly #stack: StackStatus;
  readonly #folder: string;

  constructor(objects: readonly KubeObject[], servers: LocalServers, stack: StackStatus, folder: string) {
    this.#objects = objects;
    this.#servers = servers;
    this.#stack = stack;
    this.#folder = folder;
  }

  async run(): Promise<Finding[]> {
    const parts = podTemplatesOf(this.#objects).flatMap((pod) => pod.containers.map((container) => ({ pod, container })));
    const jobs = parts.filter(({ pod }) => pod.owner.kind === 'Job');
    const services = parts.filter(({ pod, container }) => pod.owner.kind !== 'Job' && appOf(container) !== undefined);
    const tests = parts.filter(({ pod }) => pod.owner.kind === 'Pod');
    const before = await inEach(jobs, (part) => this.#toItsEnd(part));
    if (before.length > 0) return before;
    const started = services.map((part) => ({ ...part, process: this.#start(part) }));
    const found = await this.#askAndTest(started, tests);
    const ends = await inEach(started, ({ pod, process }) => process.stop((pod.spec.terminationGracePeriodSeconds ?? 30) * 1000));
    return [...found, ...ends];
  }

  /** Whoever is not alive is not asked whether it is ready, and nothing is dialled before all are. */
  async #askAndTest(started: readonly StartedPart[], tests: readonly Part[]): Promise<Finding[]> {
    const dead = await inEach(started, (part) => content(part, 'livenessProbe', START_MS));
    if (dead.length > 0) return dead;
    const waiting = await inEach(started, (part) => content(part, 'readinessProbe', READY_MS));
    return waiting.length > 0 ? waiting : inEach(tests, (part) => this.#toItsEnd(part));
  }

  /** For what is meant to end by itself, with 0. */
  async #toItsEnd(part: Part): Promise<string | null> {
    const process = this.#start(part);
    const timer = setTimeout(() => void process.stop(0), TEST_MS);
    const ended = await process.ended;
    clearTimeout(timer);
    if (ended === 0) reportToStderr(`✓ ${nameOf(part.pod.owner)}: ${process.lastWords}`);
    return ended === 0 ? null : `ended with ${ended}: ${process.lastWords}`;
  }

  #start({ pod, container }: Part): StartedContainer {
    const mounts = new Map(container.volumeMounts.map(({ name, mountPath }) => [mountPath, this.#folderOf(pod, name)]));
    const { values } = environmentOf(pod, container, this.#objects);
    const args = (container.args ?? []).map((arg) => localPath(arg, mounts));
    return new StartedContainer(container, args, toLocal(values, this.#servers, mounts));
  }

  /** The folder that stands for a volume: the PBX's own for its home, one with the files for a ConfigMap, else an empty one. */
  #folderOf({ owner, spec }: PodTemplate, volume: string): string {
    if (owner.kind === 'StatefulSet' && volume === 'home') return homeAt(this.#stack.home).pbxDir(this.#stack.pbx[0]?.name ?? '');
    const folder = join(this.#folder, owner.metadata.name, volume);
    mkdirSync(folder, { recursive: true });
    const source = spec.volumes.find(({ name }) => name === volume)?.configMap?.name;
    const configMap = this.#objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === source);
    for (const [name, content] of Object.entries((configMap?.['data'] ?? {}) as Record<string, string>)) writeFileSync(join(folder, name), content);
    return folder;
  }
}

async function content({ container, process }: StartedPart, name: 'livenessProbe' | 'readinessProbe', withinMs: number): Promise<string | null> {
  const probe = container[name];
  return probe ? process.untilContent(probe, withinMs) : `has no ${name}`;
}

/** @param work  says what is wrong with one, or null */
async function inEach<T extends Part>(parts: readonly T[], work: (part: T) => Promise<string | null>): Promise<Finding[]> {
  const found = parts.map(async (part) => {
    const says = await work(part);
    return says === null ? [] : [{ at: `${nameOf(part.pod.owner)}, ${part.container.name}`, says }];
  });
  return (await Promise.all(found)).flat();
}
