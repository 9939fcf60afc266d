import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { step, type Report } from '../stack/report.ts';
import type { Engine } from './engine.ts';

export const DOCKERFILE = 'docker/Dockerfile';
export const ASTERISK_DOCKERFILE = 'docker/asterisk.Dockerfile';
export const APPS = ['migrate', 'gateway', 'discador-master', 'campaign-worker', 'ari-monitor', 'monitoring-worker', 'record-shipper'];

/** What can be seen of an image. */
export interface ImageFacts {
  mb: number;
  user: string;
  /** labels of the OCI's that it has */
  labels: number;
}

export interface BuiltImage extends ImageFacts {
  app: string;
  seconds: number;
  shell: boolean;
}

/** The base image that a Dockerfile names; all its stages have the same. */
export function baseImage(dockerfile: string): string {
  const names = new Set([...readFileSync(join(REPO_ROOT, dockerfile), 'utf8').matchAll(/^FROM (\S+:\S+)/gm)].map((match) => match[1] ?? ''));
  const [name] = names;
  if (!name || names.size > 1) throw new Error(`${dockerfile} names ${names.size} base images`);
  return name;
}

/** Builds one service's image from the Dockerfile as it is, and looks at what came out. The first one pays for the stages that all share. */
export async function buildImage(engine: Engine, app: string, revision: string, report: Report): Promise<BuiltImage> {
  const tag = `discador/${app}:dev`;
  const began = performance.now();
  await step(report, `image ${tag}`, () => engine.docker(['build', '--network', 'host', '--file', DOCKERFILE, '--build-arg', `APP=${app}`, '--build-arg', `REVISION=${revision}`, '--tag', tag, '.']));
  const seconds = Math.round((performance.now() - began) / 1000);
  const { mb, user, labels } = await imageFacts(engine, tag);
  const shell = await engine.docker(['run', '--rm', '--network', 'none', '--entrypoint', '/bin/sh', tag, '-c', 'true']).then(() => true, () => false);
  return { app, mb, seconds, user, shell, labels };
}

export async function imageFacts(engine: Engine, tag: string): Promise<ImageFacts> {
  const [found] = JSON.parse(await engine.docker(['image', 'inspect', tag])) as [{ Size: number; Config: { User: string; Labels: Record<string, string> | null } }];
  const labels = Object.keys(found.Config.Labels ?? {}).filter((name) => name.startsWith('org.opencontainers.image.')).length;
  return { mb: Math.round(found.Size / 1e6), user: found.Config.User, labels };
}
