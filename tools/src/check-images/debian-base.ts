import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KEYRING, machineAcquireSettings, mirrorOf, type DebianSource } from '../stack/private-apt.ts';
import { step, type Report } from '../stack/report.ts';
import { argvBelow, ensureUnpacked } from '../stack/unpack-debian.ts';
import type { Engine } from './engine.ts';

const run = promisify(execFile);
/** What the slim images leave out, and what keeps apt's caches out of the images that stand on them. */
const LEFT_OUT = ['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'var/lib/apt/lists', 'var/cache/apt', 'var/log'];
const LEAN = `Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
`;

/** Debian's smallest system, with a package manager that reaches the machine's mirror, in the place of an official image of Debian's. It stays once it
 *  is made: what was built on it need not be built again.
 *  @param tag  as in a Dockerfile; its suite is what is made */
export async function makeDebianBase(engine: Engine, source: DebianSource, tag: string, workDir: string, report: Report): Promise<void> {
  if (await engine.docker(['image', 'inspect', tag]).then(() => true, () => false)) return;
  const suite = /^debian:([a-z]+)-/.exec(tag)?.[1];
  if (!suite) throw new Error(`${tag} names no suite of Debian`);
  const tool = await ensureUnpacked(source, {
    title: 'debootstrap',
    package: 'debootstrap',
    probe: (fresh) => ['test', '-f', join(fresh, 'usr/share/debootstrap/scripts', suite)],
    instead: 'images cannot be checked here',
  }, report);
  await step(report, `image in the place of ${tag}, from Debian's packages of ${suite}`, async () => {
    const work = mkdtempSync(join(workDir, 'base-'));
    try {
      await bootstrap(tool, suite, mirrorOf(source), work);
      const tar = spawn('tar', ['--create', '--numeric-owner', '--directory', join(work, 'tree'), '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
      await engine.docker(['import', '--change', 'CMD ["bash"]', '-', tag], tar.stdout);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** What it mounts is seen by itself alone. */
async function bootstrap(tool: string, suite: string, mirror: string, work: string): Promise<void> {
  const wget = join(work, 'bin/wget');
  mkdirSync(join(work, 'bin'));
  writeFileSync(wget, `#!/bin/sh\nexec ${argvBelow(tool, 'usr/bin/wget').join(' ')} "$@"\n`);
  chmodSync(wget, 0o755);
  const env = { PATH: `${join(work, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`, LANG: 'C.UTF-8', DEBOOTSTRAP_DIR: join(tool, 'usr/share/debootstrap') };
  const tree = join(work, 'tree');
  await run('unshare', ['--mount', 'sh', join(tool, 'usr/sbin/debootstrap'), '--variant=minbase', `--keyring=${KEYRING}`, suite, tree, mirror], { env, maxBuffer: 64 << 20 });
  for (const part of LEFT_OUT) for (const name of readdirSync(join(tree, part))) rmSync(join(tree, part, name), { recursive: true });
  writeFileSync(join(tree, 'etc/apt/apt.conf.d/90image'), `${LEAN}${await machineAcquireSettings()}\n`);
}
