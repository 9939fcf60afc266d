import type { Lease } from '@discador/redis/lease';

/** Who stands for publisher. Only a replica that hears the PBX does, so that when its socket goes one that listened all along takes over without
 *  a gap; or one that must tell that nobody hears it. */
export class Candidacy {
  readonly #lease: Pick<Lease, 'start' | 'stop'>;
  #stands = false;
  #closed = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(lease: Pick<Lease, 'start' | 'stop'>) {
    this.#lease = lease;
  }

  set(stands: boolean): void {
    if (this.#closed || stands === this.#stands) return;
    this.#stands = stands;
    this.#turn = this.#turn.then(() => (stands ? this.#lease.start() : this.#lease.stop()));
  }

  /** Leaves the lease as it is from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }
}
