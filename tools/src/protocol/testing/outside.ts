import { DiscadorError } from '@discador/contracts/discador-error';
import type { Process } from './process.ts';

/** What a process has asked of the world outside, and waits for. */
export interface Question {
  process: Process;
  /** the statement's name, or which server is asked for what */
  what: string;
  /** Carries it out. @param luck chooses where the answer is open, e.g. how many permits are granted */
  carryOut(luck: number): Promise<unknown>;
  /** carries it out and undoes it, as when the server goes just before the commit; only for transactions */
  carryOutInVain?(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** What the simulation itself made fail. Any other error is a finding. */
export const injected = (details: Record<string, unknown> = {}): DiscadorError =>
  new DiscadorError('database_down', 'injected by the simulation', { retry: 'later', details });

export const isInjected = (error: unknown): boolean => error instanceof DiscadorError && error.message === 'injected by the simulation';

/** Everything between the processes and their servers. The product's code stops at each question until the scheduler answers it,
 *  so that anything may happen between any two of its awaits. */
export class Outside {
  pending: Question[] = [];
  readonly #listeners = new Map<Process, () => void>();

  ask<T>(process: Process, what: string, carryOut: (luck: number) => Promise<T> | T, carryOutInVain?: () => Promise<unknown>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!process.alive) return; // the dead wait for ever
      const question: Question = { process, what, carryOut: async (luck) => carryOut(luck), resolve: (value) => resolve(value as T), reject };
      this.pending.push(carryOutInVain ? { ...question, carryOutInVain } : question);
      this.#listeners.get(process)?.();
    });
  }

  /** Waits for what a process asks next: its timers are real, and short. */
  nextOf(process: Process): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.set(process, () => {
        this.#listeners.delete(process);
        resolve();
      });
    });
  }

  /** Carries it out and gives the answer, if there still is somebody to give it to. */
  async answer(question: Question, luck: number): Promise<void> {
    this.#take(question);
    await question.carryOut(luck).then(question.resolve, question.reject);
  }

  /** Carries it out; the answer is lost. */
  async swallow(question: Question, luck: number): Promise<void> {
    this.#take(question);
    await question.carryOut(luck);
  }

  /** The server is away before it has done anything, or undoes what it has. */
  async refuse(question: Question): Promise<void> {
    this.#take(question);
    await question.carryOutInVain?.();
    question.reject(injected());
  }

  /** The process ends here. What it asked and nobody has begun is never carried out. */
  crash(process: Process): void {
    process.alive = false;
    this.pending = this.pending.filter((question) => question.process !== process);
  }

  #take(question: Question): void {
    this.pending = this.pending.filter((other) => other !== question);
  }
}
