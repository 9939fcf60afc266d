import type { Lane } from './lane.ts';
import { must } from './findings.ts';
import type { PbxCall } from './simulated-pbx.ts';

interface LedgerRow extends Record<string, unknown> {
  contact_id: string;
  phone: string;
  pbx: string;
  disposition: string | null;
}

/** The simulated carrier's view: every call that passed a gate, each held against those before it and against the ledger. */
export class CarrierWatch {
  /** every call, and every refusal, by attempt */
  readonly calls = new Map<string, PbxCall>();
  readonly #byContact = new Map<string, PbxCall[]>();
  readonly #lane: Lane;
  readonly #rules: { maxAttempts: number; retryDelaySec: number };

  constructor(lane: Lane, rules: { maxAttempts: number; retryDelaySec: number }) {
    this.#lane = lane;
    this.#rules = rules;
  }

  get placed(): number {
    return [...this.calls.values()].filter((call) => !call.refused).length;
  }

  /** A call has passed the gate. */
  async started(call: PbxCall): Promise<void> {
    const [row] = await this.#lane.rows<LedgerRow>('SELECT contact_id, phone, pbx, disposition FROM call_attempts WHERE attempt_id = $1', [call.attemptId]);
    must(row !== undefined, 'a call began before its attempt was committed');
    must(row.phone === `+${call.number}` && row.pbx === call.pbx.name, 'a call went to another number or PBX than its attempt');
    must(row.disposition === null, `a call began after its attempt had ended as ${row.disposition}`);
    must(!this.calls.has(call.attemptId), 'an attempt was originated into two calls');
    const earlier = this.#byContact.get(row.contact_id) ?? [];
    for (const other of this.calls.values()) {
      if (!other.refused) must(other.endedAt !== null || other.number !== call.number, 'a number was in two live calls');
    }
    for (const other of earlier) this.#mayFollow(call, other);
    must(earlier.length < this.#rules.maxAttempts, `a contact with ${this.#rules.maxAttempts} attempts was called ${earlier.length + 1} times`);
    this.#byContact.set(row.contact_id, [...earlier, call]);
    this.calls.set(call.attemptId, call);
  }

  /** The gate has refused a call. */
  refused(call: PbxCall): void {
    if (!this.calls.has(call.attemptId)) this.calls.set(call.attemptId, call);
  }

  #mayFollow(call: PbxCall, earlier: PbxCall): void {
    must(earlier.endedAt !== null, 'a contact was in two live calls');
    const waitedMs = call.startedAt - earlier.endedAt;
    must(waitedMs >= this.#rules.retryDelaySec * 1000, `a contact was called again after ${waitedMs} ms, retry delay ${this.#rules.retryDelaySec} s`);
    // Of a call whose last records went with the machine nobody knows that it was answered.
    const reached = earlier.answeredAt !== null && (earlier.destination === 'hold' || earlier.bridgedAt !== null);
    must(!reached || earlier.recordsLost, 'a contact was called again after it was reached');
  }
}
