import type { ReplicaStatus } from '@discador/contracts/http/system';
import { STATUS_PATTERN } from '@discador/contracts/service-status';
import type { LiveState } from '../live/live-state.ts';
import type { RpcClient } from './rpc-client.ts';
import { replicaStatus } from './system-status.ts';

/** Every replica that lives, each asked for its own account. */
export class Replicas {
  readonly #live: LiveState;
  readonly #client: RpcClient;
  readonly #timeoutMs: number;

  constructor(live: LiveState, client: RpcClient, timeoutMs: number) {
    this.#live = live;
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /** Takes as long as the slowest answer, at most the time-out.
   *  @param app only the replicas of this app
   *  @throws DiscadorError `redis_down` */
  async ask(app?: string): Promise<ReplicaStatus[]> {
    const replicas = await this.#live.replicas();
    const wanted = replicas.filter((replica) => app === undefined || replica.app === app);
    return Promise.all(
      wanted.map(async (replica) => {
        const answer = await this.#client.ask(replica.rpcQueue, STATUS_PATTERN, this.#timeoutMs);
        return replicaStatus(replica, answer, this.#timeoutMs, Date.now());
      }),
    );
  }
}
