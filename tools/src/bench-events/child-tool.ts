import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Question {
  id: number;
  method: string;
  argument: unknown;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

type Methods = Readonly<Record<string, (argument: never) => unknown>>;

/** Runs a file of ours as a process of its own and asks it: each part of the measurement has its own event loop and its own CPU time. */
export class ChildTool<M extends Methods> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #asked = 0;

  /** @param file  calls `answer` */
  constructor(file: URL) {
    this.#process = fork(fileURLToPath(file), { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process.on('message', (answer: Answer) => this.#onAnswer(answer));
    this.#process.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${fileURLToPath(file)} ended (${signal ?? code})`));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask<K extends keyof M & string>(method: K, ...[argument]: Parameters<M[K]>): Promise<Awaited<ReturnType<M[K]>>> {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#process.send({ id, method, argument } satisfies Question);
    });
  }

  end(): void {
    this.#waiting.clear();
    this.#process.disconnect();
  }

  #onAnswer({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}

/** The other side: answers what the parent asks until it goes. */
export function answer(methods: Methods): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, method, argument }: Question) => {
    const run = async (): Promise<unknown> => (methods[method] as (argument: unknown) => unknown)(argument);
    run().then(
      (result) => process.send?.({ id, result } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: String(error instanceof Error ? error.stack : error) } satisfies Answer),
    );
  });
}
