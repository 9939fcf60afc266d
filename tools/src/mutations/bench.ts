import type { Mutation, TestKind } from './mutation.ts';
import { runTests } from './run-tests.ts';
import { Scratch } from './scratch.ts';
import { Servers } from './servers.ts';
import type { JestReport, Verdict } from './verdict.ts';

/** Where mutated code is tried: a copy of the working tree, and servers that belong to it. */
export class Bench {
  readonly #scratch = new Scratch();
  readonly #servers = new Servers(this.#scratch.root);
  readonly #leaving = new AbortController();
  #env: Record<string, string> = {};

  /** What the tests of this kind are given: nothing, servers, or a home in which they bring up what they need. */
  async bringUp(kind: TestKind): Promise<void> {
    this.#env = kind === 'unit' ? {} : kind === 'it' ? await this.#servers.up() : this.#servers.home();
  }

  async run(kind: TestKind, tests: Mutation['test'][], timeoutMs: number): Promise<JestReport | null> {
    if (kind === 'e2e') await this.#servers.build();
    return runTests({ root: this.#scratch.root, env: this.#env, signal: this.#leaving.signal }, kind, tests, timeoutMs);
  }

  /** Tries with the patch applied, and takes it off again. The PBX runs what the patch says, if it is one of its configuration. */
  async withPatch({ file, test }: Mutation, attempt: () => Promise<Verdict>): Promise<Verdict> {
    const refused = this.#scratch.apply(file);
    if (refused !== null) return { ok: false, says: `does not apply any more: ${refused}` };
    const ofPbx = test.kind === 'it' && this.#scratch.changes(file).some((path) => path.startsWith('asterisk/'));
    try {
      if (ofPbx) await this.#servers.up();
      return await attempt();
    } finally {
      this.#scratch.revert(file);
      if (ofPbx) await this.#servers.up();
    }
  }

  /** A test that is red because a server fell over says nothing of the guard. */
  async isSound(kind: TestKind): Promise<boolean> {
    return kind !== 'it' || (await this.#servers.ready());
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#servers.down();
    this.#scratch.remove();
  }
}
