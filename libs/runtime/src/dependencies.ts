/** What a service waits for. Readiness is true when every tracked dependency is up, of those in a group at least one, and the service does not stop. */
export class Dependencies {
  readonly #down = new Map<string, string>();
  /** names by group; alone in one when none is given */
  readonly #groups = new Map<string, string[]>();
  #stopping = false;

  /** Registers a dependency as away and returns its switch.
   *  @param group of which one is enough: PBXs, of which each may be away or drained for long */
  track(name: string, group = name): { up(): void; down(reason: string): void } {
    this.#groups.set(group, [...(this.#groups.get(group) ?? []), name]);
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
    return !this.#stopping && [...this.#groups.values()].every((names) => names.some((name) => !this.#down.has(name)));
  }

  /** All that are away with the reason, e.g. `postgres: connection refused`; `stopping` alone once it stops. */
  get waitingFor(): string[] {
    if (this.#stopping) return ['stopping'];
    return [...this.#down].map(([name, reason]) => `${name}: ${reason}`);
  }
}
