import type { DebianSource } from '../stack/private-apt.ts';
import { step, type Report } from '../stack/report.ts';
import { asteriskRelease } from './asterisk-release.ts';
import { ASTERISK_DOCKERFILE, baseImage, imageFacts, type ImageFacts } from './build-images.ts';
import { makeDebianBase } from './debian-base.ts';
import type { Engine } from './engine.ts';
import { serveFolder } from './serve-folder.ts';

export interface AsteriskImage extends ImageFacts {
  version: string;
  seconds: number;
  /** that came out */
  modules: number;
}

/** Builds docker/asterisk.Dockerfile as it is, with Debian's source of Asterisk in the place of the official release and Debian's packages as its base. */
export async function buildAsterisk(engine: Engine, source: DebianSource, tag: string, workDir: string, revision: string, report: Report): Promise<AsteriskImage> {
  await makeDebianBase(engine, source, baseImage(ASTERISK_DOCKERFILE), workDir, report);
  const release = await asteriskRelease(source, report);
  const server = await serveFolder(release.folder);
  try {
    const args = { ...release.args, ASTERISK_DOWNLOADS: server.url, PJPROJECT_DOWNLOADS: `${server.url}/pjproject`, REVISION: revision };
    const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const began = performance.now();
    await step(report, `image ${tag}, Asterisk ${release.version}`, () => engine.docker(['build', '--network', 'host', '--file', ASTERISK_DOCKERFILE, ...given, '--tag', tag, '.']));
    const seconds = Math.round((performance.now() - began) / 1000);
    const modules = await engine.docker(['run', '--rm', '--network', 'none', '--entrypoint', 'ls', tag, '/usr/lib/asterisk/modules']);
    return { version: release.version, seconds, modules: modules.split('\n').filter((name) => name.endsWith('.so')).length, ...(await imageFacts(engine, tag)) };
  } finally {
    server.close();
  }
}
