/** What a service waits for. Readiness is true when every tracked dependency is up and the service does not stop. */
export class Dependencies {
  readonly #down = new Map<string, string>();
  #stopping = false;

  /** Registers a dependency as away and returns its switch. */
  track(name: string): { up(): void; down(reason: string): void } {
    this.#down.set(name, 'connecting');
    return {
      up: () => void this.#down.delete(name),
      down: (reason) => void this.#down.set(name, reason),
    };
  }

  /** From now on not ready, whatever comes up: nothing more shall be sent here. */
  stop(): void {
    this.#stopping = true;
  }

  get ready(): boolean {
    return !this.#stopping && this.#down.size === 0;
  }

  /** Names with the reason, e.g. `postgres: connection refused`; `stopping` alone once it stops. */
  get waitingFor(): string[] {
    if (this.#stopping) return ['stopping'];
    return [...this.#down].map(([name, reason]) => `${name}: ${reason}`);
  }
}
