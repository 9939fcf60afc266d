import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';

const run = promisify(execFile);

/** Another commit, checked out and built beside this one. */
export interface OlderBuild {
  commit: string;
  dir: string;
  remove(): Promise<void>;
}

/** @param revision as git understands it
 *  @param parent the folder to check it out in
 *  @throws StackError (2) when git knows no such commit */
export async function buildOlder(revision: string, parent: string): Promise<OlderBuild> {
  const git = (...args: string[]): Promise<{ stdout: string }> => run('git', args, { cwd: REPO_ROOT });
  const commit = await git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`).then(({ stdout }) => stdout.trim(), () => null);
  if (!commit) throw new StackError(`git knows no commit ${revision} here`, EXIT.usage);
  mkdirSync(parent, { recursive: true });
  const dir = join(parent, commit.slice(0, 12));
  const remove = async (): Promise<void> => {
    rmSync(dir, { recursive: true, force: true });
    await git('worktree', 'prune');
  };
  await remove();
  await git('worktree', 'add', '--detach', '--force', dir, commit);
  // Hard links, not a link to the folder: its links to our own packages are relative and must lead to the older ones.
  await run('cp', ['--archive', '--link', join(REPO_ROOT, 'node_modules'), join(dir, 'node_modules')]);
  await run(process.execPath, ['tools/bootstrap.mjs', 'build'], { cwd: dir, env: inheritedEnvironment(), maxBuffer: 64 << 20 });
  return { commit, dir, remove };
}
