/** Work that is done again and again, the next time a while after the last has ended; with jitter, so that workers do not do it in step. */
export class Rounds {
  readonly #everyMs: number;
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @param everyMs  pause between two rounds, a fifth more or less  @param work  one round; it does not throw */
  constructor(everyMs: number, work: () => Promise<void>) {
    this.#everyMs = everyMs;
    this.#work = work;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#work().finally(() => {
        if (this.#timer) this.start();
      });
    }, this.#everyMs * (0.8 + Math.random() * 0.4));
  }

  /** @returns once the round in hand has ended */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }
}
