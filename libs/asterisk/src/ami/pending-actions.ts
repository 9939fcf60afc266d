import { DiscadorError } from '@discador/contracts/discador-error';
import type { AmiMessage } from './ami-message.ts';

interface Pending {
  resolve(message: AmiMessage): void;
  reject(error: DiscadorError): void;
  timer: NodeJS.Timeout;
}

/** Actions sent and not yet answered, by ActionID. */
export class PendingActions {
  readonly #byId = new Map<string, Pending>();

  get size(): number {
    return this.#byId.size;
  }

  has(actionId: string): boolean {
    return this.#byId.has(actionId);
  }

  /** @returns the response; rejects with `ami_timeout` after `timeoutMs`, or with what `failAll` is given */
  wait(actionId: string, timeoutMs: number): Promise<AmiMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#byId.delete(actionId);
        reject(new DiscadorError('ami_timeout', `no response within ${timeoutMs} ms`, { retry: 'later', details: { actionId, sent: true } }));
      }, timeoutMs);
      this.#byId.set(actionId, { resolve, reject, timer });
    });
  }

  /** @returns false when nobody waits for this ActionID (late, or not ours) */
  settle(actionId: string, message: AmiMessage): boolean {
    const pending = this.#byId.get(actionId);
    if (!pending) return false;
    this.#byId.delete(actionId);
    clearTimeout(pending.timer);
    pending.resolve(message);
    return true;
  }

  failAll(error: (actionId: string) => DiscadorError): void {
    for (const [actionId, pending] of this.#byId) {
      clearTimeout(pending.timer);
      pending.reject(error(actionId));
    }
    this.#byId.clear();
  }
}
