import type { AmiAction } from '@discador/asterisk/ami/ami-message';

/** A call that passed the gate, or was refused by it. Times by the true clock. */
export interface PbxCall {
  attemptId: string;
  campaignId: string;
  number: string;
  destination: string;
  pbx: SimulatedPbx;
  startedAt: number;
  refused: boolean;
  answeredAt: number | null;
  bridgedAt: number | null;
  endedAt: number | null;
  cause: number;
  /** Asterisk was killed with this call on it */
  killed: boolean;
  /** its last records went with the process, or the machine */
  recordsLost: boolean;
}

/** A line of the event log, by the PBX's clock. */
export interface CelLine {
  attemptId: string;
  half: 1 | 2;
  eventType: string;
  at: number;
  cause: number | null;
}

/** What became of an Originate; the call, where there is one. */
export type Arrival = { what: 'started' | 'refused by the gate'; call: PbxCall } | { what: 'id in use' | 'unreadable'; call: null };

const GATE_REFUSED = 26;
/** What a machine that loses its power has not yet written to its disk; of a process that is killed, what its writer had no time for. */
const UNWRITTEN_MS = { machine: 5000, process: 0 };

/** A PBX as far as attempts can see it: the dial gate, channel ids, calls, CEL, restarts. */
export class SimulatedPbx {
  readonly name: string;
  readonly skewMs: number;
  live: PbxCall[] = [];
  /** ended, and the monitor has not spoken yet */
  untold: PbxCall[] = [];
  /** the event log from where the shipper has read to */
  unshipped: CelLine[] = [];
  bootedAt: number;
  readonly #all: PbxCall[] = [];
  readonly #trueNow: () => number;

  constructor(name: string, skewMs: number, trueNow: () => number) {
    this.name = name;
    this.skewMs = skewMs;
    this.#trueNow = trueNow;
    this.bootedAt = this.clock() - 3_600_000;
  }

  /** the PBX's own, epoch milliseconds */
  clock(): number {
    return this.#trueNow() + this.skewMs;
  }

  /** `[dial-gate]`: while the PBX's whole second is not past DIAL_BY. */
  letsPass(action: AmiAction): boolean {
    return Math.floor(this.clock() / 1000) <= Number(variableOf(action, 'DIAL_BY'));
  }

  /** An Originate has come. */
  arrive(action: AmiAction): Arrival {
    const attemptId = String(action['ActionID']);
    if (this.live.some((call) => call.attemptId === attemptId)) return { what: 'id in use', call: null };
    const number = /^Local\/(\d+)@dial-gate\/n$/.exec(String(action['Channel']))?.[1];
    if (!number || !variableOf(action, 'DIAL_BY') || action['ChannelId'] !== `${attemptId};1` || action['OtherChannelId'] !== `${attemptId};2`) return { what: 'unreadable', call: null };
    const refused = !this.letsPass(action);
    const call: PbxCall = {
      attemptId, number, refused, campaignId: String(action['Account']), destination: String(action['Exten']), pbx: this, startedAt: this.#trueNow(),
      answeredAt: null, bridgedAt: null, endedAt: null, cause: 0, killed: false, recordsLost: false,
    };
    this.#write(call, 1, 'CHAN_START');
    this.#write(call, 2, 'CHAN_START');
    this.live.push(call);
    this.#all.push(call);
    if (refused) this.end(call, GATE_REFUSED);
    return { what: refused ? 'refused by the gate' : 'started', call };
  }

  answer(call: PbxCall): void {
    call.answeredAt = this.#trueNow();
    this.#write(call, 2, 'ANSWER');
  }

  bridge(call: PbxCall): void {
    call.bridgedAt = this.#trueNow();
    this.#write(call, 1, 'BRIDGE_ENTER');
  }

  end(call: PbxCall, cause: number): void {
    this.#over(call, cause);
    this.#write(call, 2, 'HANGUP', cause);
    this.#write(call, 2, 'CHAN_END');
    this.#write(call, 1, 'CHAN_END');
  }

  /** Asterisk is killed; its calls are gone without a word, and so is what was not yet written.
   *  @param backAt by the true clock */
  kill(powerLost: boolean, backAt: number): void {
    const unwrittenFrom = this.clock() - UNWRITTEN_MS[powerLost ? 'machine' : 'process'];
    for (const call of [...this.live]) {
      this.#over(call, 0);
      call.killed = true;
    }
    const lost = new Set(this.unshipped.filter((line) => line.at >= unwrittenFrom).map((line) => line.attemptId));
    for (const call of this.#all) call.recordsLost ||= lost.has(call.attemptId);
    this.unshipped = this.unshipped.filter((line) => line.at < unwrittenFrom);
    this.bootedAt = backAt + this.skewMs;
  }

  #over(call: PbxCall, cause: number): void {
    call.endedAt = this.#trueNow();
    call.cause = cause;
    this.live = this.live.filter((other) => other !== call);
    this.untold.push(call);
  }

  #write(call: PbxCall, half: 1 | 2, eventType: string, cause: number | null = null): void {
    this.unshipped.push({ attemptId: call.attemptId, half, eventType, at: this.clock(), cause });
  }
}

function variableOf(action: AmiAction, name: string): string | undefined {
  const variables = (action['Variable'] ?? []) as readonly string[];
  return variables.find((variable) => variable.startsWith(`__${name}=`))?.slice(name.length + 3);
}
