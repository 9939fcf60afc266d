import type { TakeLock } from '@discador/redis/short-lock';
import type { Outside } from './outside.ts';
import type { Process } from './process.ts';

/** The lock server. A lock lapses when the scheduler says so, whoever holds it and whatever they do. */
export class SimulatedLocks {
  readonly held = new Map<string, Process>();

  takeLockOf(outside: Outside, process: Process): TakeLock {
    return (key) =>
      outside.ask(process, 'take lock', () => {
        if (this.held.has(key)) return null;
        this.held.set(key, process);
        return () => outside.ask(process, 'give lock back', () => this.#free(key, process));
      });
  }

  #free(key: string, process: Process): void {
    if (this.held.get(key) === process) this.held.delete(key);
  }
}
