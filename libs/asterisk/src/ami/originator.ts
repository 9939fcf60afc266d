import type { AmiConnection } from './ami-connection.ts';
import type { AmiMessage } from './ami-message.ts';
import { originate, type OriginateRequest, type OriginateResult } from './originate.ts';

const FORGET_AFTER_MS = 10_000;

/** Originates, and counts those whose channel has not been seen yet. An overloaded Asterisk still answers "queued" while completions fall:
 *  this count is where the overload shows, so callers cap it. */
export class Originator {
  readonly #ami: AmiConnection;
  /** attempt id → when sent; in order of sending, so that the old ones come first. */
  readonly #unseen = new Map<string, number>();
  readonly #stop: (() => void)[];

  constructor(ami: AmiConnection) {
    this.#ami = ami;
    this.#stop = [ami.on('Newchannel', (event) => this.#onNewchannel(event)), ami.on('OriginateResponse', (event) => this.#seen(event['ActionID'] ?? ''))];
  }

  /** Originates sent whose first half has not been seen, no older than 10 s. */
  get unseen(): number {
    const oldest = performance.now() - FORGET_AFTER_MS;
    for (const [attemptId, sentAt] of this.#unseen) {
      if (sentAt > oldest) break;
      this.#unseen.delete(attemptId);
    }
    return this.#unseen.size;
  }

  /** As the function of this name; the attempt counts as unseen from now until its channel shows, or the PBX refused it. */
  async originate(request: OriginateRequest): Promise<OriginateResult> {
    this.#unseen.set(request.attemptId, performance.now());
    try {
      const result = await originate(this.#ami, request);
      if (!result.queued && !result.inDoubt) this.#seen(request.attemptId);
      return result;
    } catch (error) {
      this.#seen(request.attemptId);
      throw error;
    }
  }

  /** Takes its handlers off the connection. */
  close(): void {
    for (const stop of this.#stop) stop();
    this.#unseen.clear();
  }

  #onNewchannel(event: AmiMessage): void {
    const channelId = event['Uniqueid'] ?? '';
    if (channelId.endsWith(';1')) this.#seen(channelId.slice(0, -2));
  }

  #seen(attemptId: string): void {
    this.#unseen.delete(attemptId);
  }
}
