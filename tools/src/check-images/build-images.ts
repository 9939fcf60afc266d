import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { step, type Report } from '../stack/report.ts';
import type { Engine } from './engine.ts';

export const DOCKERFILE = 'docker/Dockerfile';
export const APPS = ['migrate', 'gateway', 'discador-master', 'campaign-worker', 'ari-monitor', 'monitoring-worker', 'record-shipper'];

export interface BuiltImage {
  app: string;
  mb: number;
  seconds: number;
  user: string;
  shell: boolean;
  /** labels of the OCI's that it has */
  labels: number;
}

/** The base image that the Dockerfile names; all its stages have the same. */
export function baseImage(): string {
  const names = new Set([...readFileSync(join(REPO_ROOT, DOCKERFILE), 'utf8').matchAll(/^FROM (\S+:\S+)/gm)].map((match) => match[1] ?? ''));
  const [name] = names;
  if (!name || names.size > 1) throw new Error(`${DOCKERFILE} names ${names.size} base images`);
  return name;
}

/** Builds one service's image from the Dockerfile as it is, and looks at what came out. The first one pays for the stages that all share. */
export async function buildImage(engine: Engine, app: string, revision: string, report: Report): Promise<BuiltImage> {
  const tag = `discador/${app}:dev`;
  const began = performance.now();
  await step(report, `image ${tag}`, () => engine.docker(['build', '--network', 'host', '--file', DOCKERFILE, '--build-arg', `APP=${app}`, '--build-arg', `REVISION=${revision}`, '--tag', tag, '.']));
  const seconds = (performance.now() - began) / 1000;
  const [found] = JSON.parse(await engine.docker(['image', 'inspect', tag])) as [{ Size: number; Config: { User: string; Labels: Record<string, string> | null } }];
  const shell = await engine.docker(['run', '--rm', '--network', 'none', '--entrypoint', '/bin/sh', tag, '-c', 'true']).then(() => true, () => false);
  const labels = Object.keys(found.Config.Labels ?? {}).filter((name) => name.startsWith('org.opencontainers.image.')).length;
  return { app, mb: Math.round(found.Size / 1e6), seconds: Math.round(seconds), user: found.Config.User, shell, labels };
}
