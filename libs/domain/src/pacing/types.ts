import type { ShareWindow } from './share-window.ts';
import type { LegalPresetName } from './legal-presets.ts';
import type { Book } from './book.ts';

export type DialMode = 'preview' | 'progressive' | 'power' | 'predictive' | 'agentless' | 'legacy';

/** What a campaign may set; all of it optional. */
export interface CampaignFields {
  mode?: DialMode;
  /** abandoned calls as a share of live answers that the law or the operator allows; default 0.03 */
  abandonLimit?: number;
  /** the share that is steered for; default 2.68 of 3 */
  abandonTarget?: number;
  /** how long an answered call may wait before it counts as abandoned; default 2 */
  graceSec?: number;
  /** how long an unanswered call rings; default 28 */
  ringTimeoutSec?: number;
  /** calls at the same time, ringing, waiting and talking; by default, or null, 10 in the modes legacy and agentless, else without limit */
  maxChannels?: number | null;
  /** power: lines per idle agent; default 2 */
  linesPerAgent?: number;
  /** legacy: lines per idle agent and tick; default 6 */
  impulseFactor?: number;
  /** never more lines than this per agent; default 20 in the mode legacy, 8 in predictive and power */
  maxMultiplier?: number;
  /** the law that holds; the limit may then be lower than the law's, never higher. Without one the limit holds over 30 days, as in the US */
  legalPreset?: LegalPresetName;
}

/** One campaign, or, with `campaigns`, several that share one pool of agents, and dial as carefully as the most careful of them: then the fields beside it are their defaults, and `maxChannels` holds for
 *  all of them together. */
export interface PacingConfig extends CampaignFields {
  mode: DialMode;
  campaigns?: readonly (CampaignFields & { id: string; /** share of the orders; default 1 */ weight?: number })[];
}

/** A campaign with all defaults filled in. */
export interface Campaign {
  readonly id: string;
  readonly weight: number;
  readonly mode: DialMode;
  readonly abandonLimit: number;
  readonly abandonTarget: number;
  readonly graceSec: number;
  readonly ringTimeoutSec: number;
  readonly maxChannels: number | null;
  readonly linesPerAgent: number;
  readonly impulseFactor: number;
  readonly maxMultiplier: number;
  /** null: the limit over 30 days */
  readonly legalPreset: LegalPresetName | null;
}

export type Id = string | number;

export type PacingEventType =
  | 'dial'
  | 'ringEnd'
  | 'connect'
  | 'callerGone'
  | 'abandon'
  | 'talkEnd'
  | 'wrapEnd'
  | 'agentIn'
  | 'agentOut'
  | 'agentLeaving'
  | 'agentData'
  | 'order'
  | 'orderVoid'
  /** a caller waits for an agent of the pool: counts as answered, in no campaign's budget */
  | 'inbound';

export interface PacingEvent {
  type: PacingEventType;
  /** seconds, of any epoch, by a clock that does not go back */
  at: number;
  callId?: Id;
  agentId?: Id;
  /** needed only where several campaigns share the pool: of dial, order and orderVoid */
  campaignId?: string;
  /** of ringEnd; missing is false */
  answered?: boolean;
  /** of order and orderVoid: whole calls; missing is 1. A campaign whose orders are voided has nothing to dial, and leaves its part to the others */
  n?: number;
}

export interface Agent {
  readonly id: Id;
  readonly status: 'idle' | 'talking' | 'wrapping';
  /** of the status */
  readonly since: number;
  /** logs out after this call */
  readonly leaving: boolean;
  /** the call that it talks, or wraps up */
  readonly callId: Id | null;
}

export interface Call {
  readonly id: Id;
  /** index of the campaign; -1 when nobody said whose it is */
  readonly campaign: number;
  readonly phase: 'ringing' | 'waiting' | 'talking';
  /** of the phase */
  readonly since: number;
  /** second of the state's clock in which it came */
  readonly second: number;
}

/** Calls of a campaign by what they do now. */
export interface Lines {
  readonly ringing: number;
  readonly waiting: number;
  readonly talking: number;
  /** ordered and not yet dialled: the second of the order, and how many of it are left */
  readonly orders: readonly (readonly [second: number, n: number])[];
  /** calls ordered, or dialled without an order, in the last minutes, fading: whose turn it is */
  readonly recent: number;
  /** since when it leaves, or gives back, what it is told to dial, as it has nothing to dial; null while it dials */
  readonly emptySince: number | null;
  /** the last second in which it was told to dial, and in how many, since it ordered or dialled */
  readonly told: { readonly at: number | null; readonly times: number };
}

/** What steers the risk of a campaign. */
export interface Budget {
  /** log odds of the risk allowed to the next call */
  readonly level: number;
  /** abandonments that may come at once */
  readonly bucket: number;
  readonly window: ShareWindow;
  /** the last fifteen minutes */
  readonly quarter: ShareWindow;
}

/** What young calls did since they were dialled, by their age now: how much of it the ring tables expected, and how much happened. */
export interface Evidence {
  readonly expected: readonly number[];
  readonly happened: readonly number[];
}

/** How people answer now, compared with what the ring tables say: how likely each of some factors is. */
export interface Moods {
  /** of the calls that are too old to tell */
  readonly older: readonly number[];
  /** of the last hours */
  readonly usual: readonly number[];
  readonly answers: Evidence;
  readonly otherEnds: Evidence;
  /** what follows for calls of each age: answers per answer that the tables expect */
  readonly scales: readonly number[];
}

/** How calls ring, per second of their age: calls seen at this age, answers, other ends. */
export interface RingTables {
  readonly seen: readonly number[];
  readonly answers: readonly number[];
  readonly otherEnds: readonly number[];
  readonly moods: Moods;
  /** what is left of the assumptions from before anything was seen, 1 to 0 */
  readonly prior: number;
}

/** How long agents talk and wrap up: seconds spent, and ends, by bins of the time elapsed. */
export interface AgentTables {
  readonly talkSec: readonly number[];
  readonly talkEnds: readonly number[];
  readonly wrapSec: readonly number[];
  readonly wrapEnds: readonly number[];
}

/** Everything that the pacing of one pool of agents remembers: plain JSON. */
export interface PacingState {
  readonly version: 1;
  readonly campaigns: readonly Campaign[];
  /** of all campaigns together */
  readonly maxChannels: number | null;
  /** last whole second that was worked off; null before the first event */
  readonly clock: number | null;
  readonly agents: Book<Agent>;
  readonly calls: Book<Call>;
  /** ringing calls that will need an agent, by seconds of age */
  readonly ringing: readonly number[];
  /** per campaign, and last those that belong to none */
  readonly lines: readonly Lines[];
  readonly budgets: readonly Budget[];
  readonly ringTables: RingTables;
  readonly agentTables: AgentTables;
  /** when the agents' states were last confirmed; null as long as nobody ever does */
  readonly agentDataAt: number | null;
  /** when the last answer was heard */
  readonly heardAt: number | null;
  /** answers expected since then */
  readonly silence: number;
  /** since when too many were expected and none came */
  readonly stoppedAt: number | null;
  /** a new leader that waits for what the former one knew */
  readonly restoring: boolean;
  /** the last decision placed fewer calls than the risk allows */
  readonly heldBack: boolean;
  /** when a campaign with nothing to dial was last asked whether it has something again */
  readonly askedAt: number | null;
}

export interface Decision {
  /** calls to start now */
  n: number;
  byCampaign: Record<string, number>;
  state: PacingState;
  /** one plain sentence, beginning with the mode that was followed */
  reason: string;
  /** somebody must look: calls are answered and nobody hears of it */
  alarm?: true;
}
