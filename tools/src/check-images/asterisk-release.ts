import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Absent, mirrorOf, privateApt, type DebianSource } from '../stack/private-apt.ts';
import { step, type Report } from '../stack/report.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';

const run = promisify(execFile);
const PACK = fileURLToPath(new URL('stand-ins/asterisk-release.sh', import.meta.url));
/** Raised when the way of packing changes, so that older caches are not used. */
const LAYOUT = 1;

/** A release of Asterisk's as docker/asterisk.Dockerfile wants it. */
export interface AsteriskRelease {
  /** what is below the Dockerfile's `…_DOWNLOADS` */
  folder: string;
  version: string;
  /** build arguments that name it and pin its files */
  args: Record<string, string>;
}

/** Debian's sources of Asterisk, in the place of a release whose server may be out of reach; in the cache once they were fetched.
 *  @throws StackError (69) when they cannot be fetched */
export async function asteriskRelease(source: DebianSource, report: Report): Promise<AsteriskRelease> {
  const folder = join(source.cacheDir, `asterisk-release-${source.suite}-${LAYOUT}`);
  if (!existsSync(folder)) await step(report, `the source of Asterisk, from Debian's of ${source.suite}`, () => fetchInto(folder, source));
  const only = (path: string): string => readdirSync(join(folder, path))[0] ?? '';
  const [asterisk, sounds, pjproject] = [join('asterisk/releases', only('asterisk/releases')), join('sounds/releases', only('sounds/releases')), join('pjproject', only('pjproject'))];
  const version = numberIn(asterisk);
  const hash = (path: string): string => createHash('sha256').update(readFileSync(join(folder, path))).digest('hex');
  const args = {
    ASTERISK_VERSION: version,
    ASTERISK_SHA256: hash(asterisk),
    PJPROJECT_SHA256: hash(join(pjproject, only(pjproject))),
    SOUNDS_VERSION: numberIn(sounds),
    SOUNDS_SHA256: hash(sounds),
  };
  return { folder, version, args };
}

const numberIn = (file: string): string => /-(\d[\d.]*)\.tar/.exec(file)?.[1] ?? '';

async function fetchInto(folder: string, source: DebianSource): Promise<void> {
  mkdirSync(source.cacheDir, { recursive: true });
  const work = mkdtempSync(join(source.cacheDir, 'unpack-'));
  try {
    const [sources, packages, out] = [join(work, 'sources'), join(work, 'packages'), join(work, 'out')];
    await (await privateApt(sources, 'deb-src', mirrorOf(source), source.suite))('--download-only', 'source', 'asterisk');
    await (await privateApt(packages, 'deb', mirrorOf(source), source.suite))('download', 'asterisk-core-sounds-en-gsm');
    for (const name of readdirSync(packages).filter((file) => file.endsWith('.deb'))) renameSync(join(packages, name), join(sources, name));
    await run('sh', [PACK, sources, out], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
    renameSync(out, folder);
  } catch (error) {
    if (error instanceof Absent) throw new StackError(`The source of Asterisk missing, and ${error.message}: images cannot be checked here`, EXIT.away, error.details);
    throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
