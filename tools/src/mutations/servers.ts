import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { down, status, type StackStatus } from '../stack/stack.ts';
import { environmentOf } from '../test/test-stack.ts';

const run = promisify(execFile);

/** Servers and a PBX of our own for the mutated code, configured from the scratch copy: a patch may be one of the PBX's dialplan. */
export class Servers {
  readonly #scratch: string;
  readonly #config = readConfig({ ...process.env, DISCADOR_HOME: process.env['DISCADOR_MUTATIONS_HOME'] ?? join(REPO_ROOT, '.discador', 'mutations') });
  #started = false;

  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  /** Brings up what is not, and restarts the PBX when its configuration is another now.
   *  @returns the variables that the tests read */
  async up(): Promise<Record<string, string>> {
    const status = JSON.parse(await this.#tool('stack', 'up', '--servers-only', '--json')) as StackStatus;
    return { ...environmentOf(status), ...this.home() };
  }

  /** Builds the mutated services: end-to-end tests run them. */
  async build(): Promise<void> {
    await this.#tool('build');
  }

  /** Where a stack of the mutated code keeps its things; the cache of unpacked programs is the original's. */
  home(): Record<string, string> {
    this.#started = true;
    return { DISCADOR_HOME: this.#config.homeDir, DISCADOR_CACHE: this.#config.cacheDir };
  }

  async ready(): Promise<boolean> {
    const { servers, pbx } = await status(this.#config);
    return [...servers, ...pbx].every((one) => one.ready);
  }

  /** Runs a tool of the scratch copy. @returns what it printed */
  async #tool(name: string, ...args: string[]): Promise<string> {
    const program = [...process.execArgv, `tools/src/${name}/main.ts`, ...args];
    const { stdout } = await run(process.execPath, program, { cwd: this.#scratch, env: { ...process.env, ...this.home() }, maxBuffer: 1 << 24 });
    return stdout;
  }

  async down(): Promise<void> {
    if (this.#started) await down(() => undefined, this.#config);
  }
}
