/** What a service waits for. Readiness is true when every tracked dependency is up. */
export class Dependencies {
  readonly #down = new Map<string, string>();

  /** Registers a dependency as away and returns its switch. */
  track(name: string): { up(): void; down(reason: string): void } {
    this.#down.set(name, 'connecting');
    return {
      up: () => void this.#down.delete(name),
      down: (reason) => void this.#down.set(name, reason),
    };
  }

  get ready(): boolean {
    return this.#down.size === 0;
  }

  /** Names with the reason, e.g. `postgres: connection refused`. */
  get waitingFor(): string[] {
    return [...this.#down].map(([name, reason]) => `${name}: ${reason}`);
  }
}
