import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REPO_ROOT } from '../../stack/home.ts';
import type { Container, Probe } from '../kube-object.ts';

const TAIL_LINES = 5;

/** A container's command as a process of this machine. The image's working folder is the root of the workspace, and so is ours. */
export class StartedContainer {
  readonly container: Container;
  readonly ended: Promise<number | string>;
  readonly #kill: (signal: NodeJS.Signals) => void;
  #output = '';

  /** @param args  as rendered, with paths of mounted files made local */
  constructor(container: Container, args: readonly string[], env: Record<string, string>) {
    this.container = container;
    const [program = ''] = container.command ?? [];
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`; // where the image has its node
    const child = spawn(program, args, { cwd: REPO_ROOT, env: { PATH: path, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (this.#output += chunk.toString()));
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => resolve(code ?? signal ?? 'nobody knows how'));
    });
    this.#kill = (signal) => void child.kill(signal);
  }

  get lastWords(): string {
    return this.#output.trim().split('\n').slice(-TAIL_LINES).join('\n');
  }

  /** Asks a probe as the kubelet would, until it is content.
   *  @returns why it never was, or null */
  async untilContent(probe: Probe, withinMs: number): Promise<string | null> {
    const url = this.#urlOf(probe);
    if (!url) return 'has no HTTP probe';
    let last = 'no answer';
    const over = this.ended.then((how) => `ended with ${how}: ${this.lastWords}`);
    for (const end = performance.now() + withinMs; performance.now() < end; await delay(250)) {
      const answer = await Promise.race([over, ask(url)]);
      if (answer === null) return null;
      if (answer.startsWith('ended')) return answer;
      last = answer;
    }
    return `${url} is not content within ${withinMs / 1000} s: ${last}`;
  }

  /** @returns what is wrong with its end, or null */
  async stop(withinMs: number): Promise<string | null> {
    this.#kill('SIGTERM');
    const ended = await Promise.race([this.ended, delay(withinMs, 'late' as const, { ref: false })]);
    if (ended === 0) return null;
    this.#kill('SIGKILL');
    return ended === 'late' ? `did not end within the pod's ${withinMs / 1000} s` : `ended with ${ended}: ${this.lastWords}`;
  }

  #urlOf({ httpGet }: Probe): string | null {
    const port = this.container.ports.find(({ name }) => name === httpGet?.port)?.containerPort;
    return httpGet && port !== undefined ? `http://127.0.0.1:${port}${httpGet.path}` : null;
  }
}

/** @returns null when the answer is a success */
async function ask(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    return response.ok ? null : `${response.status} ${text}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
