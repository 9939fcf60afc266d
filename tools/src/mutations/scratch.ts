import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';

const OWN_SCOPE = '@discador';

/** A copy of the working tree in which patches are tried; the original is never touched. */
export class Scratch {
  readonly root: string;

  /** Copies what git knows or would add, as it is on disk, and links the dependencies. */
  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'discador-mutations-')));
    const files = git(REPO_ROOT, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).split('\0').filter(Boolean);
    for (const file of new Set(files)) {
      if (!existsSync(join(REPO_ROOT, file))) continue; // deleted and not yet committed
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      cpSync(join(REPO_ROOT, file), join(this.root, file), { verbatimSymlinks: true });
    }
    this.#linkModules();
  }

  /** @returns null, or why it cannot be applied */
  apply(patch: string): string | null {
    try {
      git(this.root, ['apply', '--whitespace=nowarn', patch]);
      return null;
    } catch (error) {
      return String((error as { stderr?: unknown }).stderr ?? error).trim().split('\n')[0] ?? '';
    }
  }

  revert(patch: string): void {
    git(this.root, ['apply', '--whitespace=nowarn', '--reverse', patch]);
  }

  /** @returns paths of the files that the patch changes */
  changes(patch: string): string[] {
    return git(this.root, ['apply', '--numstat', patch]).split('\n').filter(Boolean).map((line) => line.split('\t')[2] ?? '');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Packages of others are the original's; our own are the copy's, or the patch would not be seen across packages. */
  #linkModules(): void {
    const from = join(REPO_ROOT, 'node_modules');
    const to = join(this.root, 'node_modules');
    mkdirSync(join(to, OWN_SCOPE), { recursive: true });
    for (const name of readdirSync(from)) if (name !== OWN_SCOPE) symlinkSync(join(from, name), join(to, name));
    for (const name of readdirSync(join(from, OWN_SCOPE))) symlinkSync(readlinkSync(join(from, OWN_SCOPE, name)), join(to, OWN_SCOPE, name));
  }
}

/** The ceiling keeps git from taking a repository above a temporary folder for the patch's. */
function git(cwd: string, args: string[]): string {
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(cwd) };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe'] });
}
