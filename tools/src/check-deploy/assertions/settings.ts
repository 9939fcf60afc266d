import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../../stack/home.ts';
import { missingLeanness, settingsOf, tryEnvironment } from '../app-settings.ts';
import { environmentOf } from '../container-environment.ts';
import { type Container, type Finding, type KubeObject, nameOf, type PodTemplate, podTemplatesOf } from '../kube-object.ts';

const OURS = /^apps\/([a-z-]+)\/dist\/main\.js$/;

/** The app that a container runs; undefined for one that is not ours. */
export const appOf = ({ args = [] }: Container): string | undefined => OURS.exec(args.at(-1) ?? '')?.[1];

/** Gives every service, as it would be started, to its own settings schema; and a PBX to what asterisk/render.sh asks for. */
export async function checkSettings(objects: readonly KubeObject[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const pod of podTemplatesOf(objects)) {
    for (const container of pod.containers) {
      const says = await wrongSettings(pod, container, objects);
      findings.push(...says.map((one) => ({ at: `${nameOf(pod.owner)}, ${container.name}`, says: one })));
    }
  }
  return findings;
}

async function wrongSettings(pod: PodTemplate, container: Container, objects: readonly KubeObject[]): Promise<string[]> {
  const environment = environmentOf(pod, container, objects);
  const unresolved = environment.unresolved.map((name) => `$(${name}) stands before ${name} is there`);
  if (container.name === 'asterisk') return [...unresolved, ...wrongForPbx(environment.values, environment.parts)];
  const app = appOf(container);
  if (app === undefined) return unresolved;
  const settings = await settingsOf(app);
  if (!settings) return [`there is no app ${app} with settings`];
  const tried = tryEnvironment(settings, environment.values, environment.parts);
  return [...unresolved, ...tried.says, ...missingLeanness(app, container.args ?? [], environment.values), ...(tried.settings ? wrongWithPod(pod, container, tried.settings) : [])];
}

/** What the settings and the pod's own fields both say must be the same. */
function wrongWithPod({ spec, owner }: PodTemplate, { ports }: Container, settings: Record<string, unknown>): string[] {
  if (owner.kind === 'Job') return [];
  const { httpHost, httpPort, shutdownGraceSec } = settings as { httpHost: string; httpPort: number; shutdownGraceSec: number };
  return [
    ...(ports.some(({ name, containerPort }) => name === 'http' && containerPort === httpPort) ? [] : [`listens on ${httpPort}, which is not its port http`]),
    ...(httpHost === '0.0.0.0' ? [] : [`listens on ${httpHost} only: no probe reaches it`]),
    ...((spec.terminationGracePeriodSeconds ?? 30) > shutdownGraceSec ? [] : [`is killed after ${spec.terminationGracePeriodSeconds ?? 30} s, before its own ${shutdownGraceSec} s are over`]),
  ];
}

/** render.sh names what it needs in `required`, and what it takes besides with `: "${NAME:=default}"`; the image sets the two folders. */
function wrongForPbx(env: Record<string, string>, parts: ReadonlySet<string>): string[] {
  const script = readFileSync(join(REPO_ROOT, 'asterisk/render.sh'), 'utf8');
  const required = /^required='([^']+)'/m.exec(script)?.[1]?.split(/\s+/) ?? [];
  const defaulted = [...script.matchAll(/"\$\{([A-Z_]+):=/g)].map((match) => match[1] ?? '');
  const byImage = ['ASTERISK_ROOT', 'ASTERISK_HOME'];
  return [
    ...required.filter((name) => !env[name] && !defaulted.includes(name) && !byImage.includes(name)).map((name) => `${name} is missing (asterisk/render.sh)`),
    ...Object.keys(env).filter((name) => ![...required, ...defaulted].includes(name) && !parts.has(name)).map((name) => `${name} means nothing to asterisk/render.sh`),
  ];
}
