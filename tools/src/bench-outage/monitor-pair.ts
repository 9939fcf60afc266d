import { setTimeout as sleep } from 'node:timers/promises';
import { rounded } from '../bench/measurement.ts';
import { listens, peakMemoryMiB, publishes, type RealMonitor, startMonitor, sumOf } from '../bench-events/real-monitor.ts';

export interface Killed {
  replica: number;
  /** messages on its disk */
  spooled: number;
  /** until the other one had the lease */
  takeoverSec: number;
}

const TAKEOVER_MS = 20_000;

/** Two replicas of the monitor, as the stack starts them, at one PBX. */
export class MonitorPair {
  readonly #homeDir: string;
  readonly #ariUrl: string;
  readonly #replicas = new Map<number, RealMonitor>();
  #peakMiB = 0;

  static async start(homeDir: string, ariUrl: string): Promise<MonitorPair> {
    const pair = new MonitorPair(homeDir, ariUrl);
    try {
      await pair.begin(1, publishes);
      await pair.begin(2);
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  private constructor(homeDir: string, ariUrl: string) {
    this.#homeDir = homeDir;
    this.#ariUrl = ariUrl;
  }

  /** Most real memory that any of them has had when it was looked at, in MiB. */
  get peakMiB(): number {
    for (const { pid } of this.#replicas.values()) this.#peakMiB = Math.max(this.#peakMiB, peakMemoryMiB(pid));
    return this.#peakMiB;
  }

  async begin(replica: number, isReady = listens): Promise<void> {
    this.#replicas.set(replica, await startMonitor(this.#homeDir, this.#ariUrl, replica, isReady));
  }

  /** Messages on the disk of the one that publishes, or would. */
  async spooled(): Promise<number> {
    const [, , page] = await this.#publisher();
    return sumOf(page, 'discador_call_events_spool_messages');
  }

  /** `kill -9` for the one that publishes. @throws when the other does not take over */
  async killPublisher(): Promise<Killed> {
    const [replica, monitor] = await this.#publisher();
    const spooled = await this.spooled();
    this.#peakMiB = this.peakMiB;
    process.kill(monitor.pid, 'SIGKILL');
    const killedAt = performance.now();
    this.#replicas.delete(replica);
    await this.#publisher();
    return { replica, spooled, takeoverSec: rounded((performance.now() - killedAt) / 1_000, 1) };
  }

  /** @returns once both hear the PBX, or neither does */
  async untilBoth(hear: boolean): Promise<void> {
    for (const { metrics } of this.#replicas.values()) {
      while (listens(await metrics()) !== hear) await sleep(5);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#replicas.values()].map((monitor) => monitor.stop()));
  }

  async #publisher(): Promise<[number, RealMonitor, string]> {
    for (const until = performance.now() + TAKEOVER_MS; performance.now() < until; await sleep(50)) {
      for (const [replica, monitor] of this.#replicas) {
        const page = await monitor.metrics();
        if (publishes(page)) return [replica, monitor, page];
      }
    }
    throw new Error('no monitor publishes');
  }
}
