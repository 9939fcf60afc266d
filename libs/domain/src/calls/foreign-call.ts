import { DTMF_KEPT, OTHER_HALF_MS, type DistributiveOmit } from './advance-call.ts';
import type { CallDirection, CallEffect, CallFacts, CallRoute, CallSummary, DtmfDigit } from './call-state.ts';
import type { Leg } from './channel-index.ts';
import type { ChannelEvent, ChannelSnapshot } from './channel-event.ts';
import { dialledNumber, parseChannelName } from './channel-name.ts';
import { heardTalk, type Talk } from './talk.ts';

type Place = 'inside' | 'outside';
type Milestone = 'received' | 'dialing' | 'ringing' | 'answered' | 'bridged';

/** A call that the dialer did not place, as far as its events have told; plain JSON. What is known and what was told are kept apart: channels
 *  turn out to be one call before any of them is told. Times are epoch milliseconds of the PBX's clock, except `closeAt`. */
export interface ForeignCall extends CallFacts, Talk {
  readonly ours: false;
  readonly campaignId: null;
  /** Whether somebody called the PBX or the PBX calls somebody; while it is null, the channel may be a part of another call. */
  readonly origin: 'received' | 'originated' | null;
  /** Where the end is that began the call, or that an originate called first; and the end that it was connected with first. */
  readonly near: Place | null;
  readonly far: Place | null;
  /** Behind a Local channel that began the call there is another, which hears the keys itself. */
  readonly nearIsReal: boolean;
  readonly dialledAt: number | null;
  readonly ringingAt: number | null;
  readonly answeredAt: number | null;
  readonly bridgedAt: number | null;
  readonly peer: string;
  /** What the beginning channel last ran. */
  readonly app: string;
  readonly dtmf: readonly DtmfDigit[];
  readonly causes: Causes;
  readonly told: readonly Milestone[];
  readonly goneAt: number | null;
  readonly lastAt: number;
  /** Our clock: when the call ends even if nothing more comes; null while it lives. */
  readonly closeAt: number | null;
  readonly inferredEnd: boolean;
}

/** Q.850; 0 while none was named. */
interface Causes {
  readonly beginning: number;
  /** of a dialled channel, the latest that says more than that it was hung up */
  readonly specific: number;
  /** what the latest dial's status stands for */
  readonly dial: number;
  readonly other: number;
}

export interface ForeignAdvanced {
  readonly state: ForeignCall;
  readonly effects: readonly CallEffect[];
}

/** None, normal clearing, interworking: they say that it ended, not why. */
const UNSPECIFIC = new Set([0, 16, 127]);
const CAUSE_OF_DIAL: Readonly<Record<string, number>> = { BUSY: 17, NOANSWER: 19, CONGESTION: 34 };

/** A call of which nothing is known but the channel that seems to have begun it. */
export function newForeignCall(callId: string, startedAt: number): ForeignCall {
  return {
    callId,
    ours: false,
    campaignId: null,
    direction: 'internal',
    route: 'internal',
    from: '',
    number: '',
    startedAt,
    origin: null,
    near: null,
    far: null,
    nearIsReal: false,
    dialledAt: null,
    ringingAt: null,
    answeredAt: null,
    bridgedAt: null,
    peer: '',
    app: '',
    dtmf: [],
    held: [],
    transfers: [],
    causes: { beginning: 0, specific: 0, dial: 0, other: 0 },
    told: [],
    goneAt: null,
    lastAt: startedAt,
    closeAt: null,
    inferredEnd: false,
  };
}

/** Applies one event to the call that it is about.
 *  @param own  the event's channel (of a dial: the dialled one) as a leg of this call; null when only its neighbour in a bridge is
 *  @param inferred  found by a look at the PBX, not told by it */
export function advanceForeignCall(call: ForeignCall, event: ChannelEvent, own: Leg | null, inferred: boolean, nameOf: (channelId: string) => string): ForeignAdvanced {
  let state = learnFromBeginning(event.at > call.lastAt ? { ...call, lastAt: event.at } : call, event);
  if (own) state = heard(state, event, own);
  state = bridged(state, event, nameOf);
  const digit = own && newDigit(state, event, own);
  if (digit) state = { ...state, dtmf: [...state.dtmf, digit].sort((a, b) => a.at - b.at) };
  const talk = heardTalk(state, event);
  if (talk) state = { ...state, ...talk.talk };
  const told = tellMilestones(state, inferred, digit !== null || talk !== null);
  const effects = [...told.effects];
  if (state.origin !== null) {
    if (digit) effects.push({ type: 'dtmf', ...digit, inferred, call: told.state });
    if (talk) effects.push({ ...talk.effect, inferred, call: told.state } as CallEffect);
  }
  return { state: told.state, effects };
}

/** A channel has become a leg of the call: says between which places the call goes. */
export function withLeg(call: ForeignCall, { side, half, outside }: Leg): ForeignCall {
  const place: Place | null = outside ? 'outside' : half === null ? 'inside' : null;
  const nearIsReal = call.nearIsReal || (side === 'near' && half === null);
  const near = side === 'near' ? (call.near ?? place) : call.near;
  const far = side === 'far' ? (call.far ?? place) : call.far;
  if (near === call.near && far === call.far && nearIsReal === call.nearIsReal) return call;
  return placed({ ...call, near, far, nearIsReal });
}

/** Somebody called the PBX, or the PBX calls somebody: from now on it is a call of its own. */
export function withOrigin(call: ForeignCall, origin: 'received' | 'originated'): ForeignCall {
  if (call.origin !== null) return call;
  return placed({ ...call, origin, dialledAt: origin === 'originated' ? call.startedAt : call.dialledAt });
}

/** What was taken for a call turned out to be a part of `call`. */
export function absorb(call: ForeignCall, part: ForeignCall): ForeignCall {
  return {
    ...call,
    dialledAt: call.dialledAt ?? part.dialledAt,
    ringingAt: call.ringingAt ?? part.ringingAt,
    answeredAt: call.answeredAt ?? part.answeredAt,
    held: [...call.held, ...part.held],
    causes: { ...call.causes, specific: call.causes.specific || part.causes.specific || specific(part.causes.beginning) },
    lastAt: Math.max(call.lastAt, part.lastAt),
  };
}

/** One of its channels is gone.
 *  @param began  it was the one that began the call
 *  @param othersEnding  nothing of the call is left, or only channels that were asked to hang up
 *  @param now  our clock */
export function withGone(call: ForeignCall, at: number, cause: number, began: boolean, othersEnding: boolean, now: number): ForeignCall {
  const { causes } = call;
  const named = began ? { ...causes, beginning: cause } : { ...causes, specific: specific(cause) || causes.specific, other: cause || causes.other };
  const closeAt = othersEnding || call.inferredEnd ? now + OTHER_HALF_MS : call.closeAt;
  return { ...call, causes: named, goneAt: Math.max(call.goneAt ?? at, at), closeAt, inferredEnd: false };
}

/** Tells what is known and was not told, in the order in which it happens.
 *  @param urgent  something is told that cannot come first */
export function tellMilestones(call: ForeignCall, inferred: boolean, urgent = false): ForeignAdvanced {
  const effects: CallEffect[] = [];
  let state = call;
  if (state.origin === null) return { state, effects };
  const tell = (milestone: Milestone, effect: DistributiveOmit<CallEffect, 'call' | 'inferred'>): void => {
    if (state.told.includes(milestone)) return;
    state = { ...state, told: [...state.told, milestone] };
    effects.push({ ...effect, inferred, call: state } as CallEffect);
  };
  const { origin, startedAt, dialledAt, ringingAt, answeredAt, bridgedAt, peer } = state;
  const under = urgent || (ringingAt ?? answeredAt ?? bridgedAt) !== null;
  if (under || directionKnown(state)) {
    if (origin === 'received') tell('received', { type: 'received', at: startedAt });
    if (dialledAt !== null) tell('dialing', { type: 'dialing', at: Math.min(dialledAt, ringingAt ?? dialledAt) });
  }
  if (ringingAt !== null && (answeredAt === null || ringingAt < answeredAt) && !state.told.includes('answered')) tell('ringing', { type: 'ringing', at: ringingAt });
  if (answeredAt !== null) tell('answered', { type: 'answered', at: answeredAt, ringMs: Math.max(0, answeredAt - (ringingAt ?? startedAt)) });
  if (bridgedAt !== null) tell('bridged', { type: 'bridged', at: bridgedAt, peer, waitMs: Math.max(0, bridgedAt - (answeredAt ?? bridgedAt)) });
  return { state, effects };
}

/** Ends a call whose channels are all gone, or whose time has come. */
export function endForeignCall(call: ForeignCall): ForeignAdvanced {
  const { state, effects } = tellMilestones(withOrigin(call, 'originated'), false, true);
  const endedAt = state.inferredEnd ? state.lastAt : (state.goneAt ?? state.lastAt);
  return { state, effects: [...effects, { type: 'ended', at: endedAt, inferred: state.inferredEnd, call: state, summary: summarizeForeign(state, endedAt) }] };
}

function summarizeForeign(call: ForeignCall, endedAt: number): CallSummary {
  const { campaignId, from, number, startedAt, ringingAt, answeredAt, bridgedAt } = call;
  return {
    attemptId: null,
    campaignId,
    from,
    number,
    destination: '',
    startedAt,
    ringingAt,
    answeredAt,
    bridgedAt,
    endedAt,
    durationMs: Math.max(0, endedAt - startedAt),
    billMs: answeredAt === null ? 0 : Math.max(0, endedAt - answeredAt),
    cause: joinedCause(call),
    dtmf: call.dtmf.map(({ digit }) => digit).join(''),
    inferred: call.inferredEnd,
    waitedInQueue: call.app === 'Queue' && bridgedAt === null,
  };
}

/** Why an answered call ended, the end that began it knows; why one was not answered, the one that was called. */
function joinedCause({ answeredAt, causes: { beginning, specific: said, dial, other } }: ForeignCall): number {
  return answeredAt === null ? said || dial || beginning || other : beginning || other;
}

function specific(cause: number): number {
  return UNSPECIFIC.has(cause) ? 0 : cause;
}

function placed(call: ForeignCall): ForeignCall {
  const direction: CallDirection = call.origin === 'received' && call.near === 'outside' ? 'inbound' : call.near === 'outside' || call.far === 'outside' ? 'outbound' : 'internal';
  const outside = Number(call.near === 'outside') + Number(call.far === 'outside');
  return { ...call, direction, route: (['internal', 'external', 'trunk'] satisfies CallRoute[])[outside] ?? 'internal' };
}

function directionKnown({ origin, near, far }: ForeignCall): boolean {
  return origin === 'originated' ? near !== null : near === 'outside' || far !== null;
}

/** Who calls whom: what the beginning channel shows first. */
function learnFromBeginning(state: ForeignCall, event: ChannelEvent): ForeignCall {
  const shown = [event.kind === 'dial' ? event.peer : event.channel, event.kind === 'dial' ? event.caller : null].find((channel) => channel?.id === state.callId);
  if (!shown) return state;
  // As long as an originate has not set it, a called phone shows its own number as the caller's.
  const from = state.from || (event.kind === 'created' && state.origin === null ? '' : shown.callerNumber);
  const number = state.number || numberOf(state, shown, event);
  const app = shown.app || state.app;
  const startedAt = Math.min(state.startedAt, shown.createdAt);
  return from === state.from && number === state.number && app === state.app && startedAt === state.startedAt ? state : { ...state, from, number, app, startedAt };
}

function numberOf(state: ForeignCall, channel: ChannelSnapshot, event: ChannelEvent): string {
  const { technology, resource } = parseChannelName(channel.name);
  if (technology === 'Local') return dialledNumber(resource);
  if (state.origin === 'received') return channel.exten;
  // An originate: of whom it called, the channel's own name says only the endpoint.
  return event.kind === 'dial' ? (/^\+?\d{3,}/.exec(event.dialString ?? '')?.[0] ?? resource) : '';
}

function heard(state: ForeignCall, event: ChannelEvent, leg: Leg): ForeignCall {
  const channel = event.kind === 'dial' ? event.peer : event.channel;
  const status = event.kind === 'dial' ? event.status : '';
  const rings = status === 'RINGING' || channel.state === 'Ringing';
  const answers = status === 'ANSWER' || channel.state === 'Up';
  const dialledAt = state.dialledAt ?? (event.kind === 'dial' && leg.id !== state.callId ? event.at : null);
  const ringingAt = state.ringingAt ?? (rings && state.answeredAt === null ? event.at : null);
  const answeredAt = state.answeredAt ?? (answers ? event.at : null);
  const dial = CAUSE_OF_DIAL[status] ?? state.causes.dial;
  const same = dialledAt === state.dialledAt && ringingAt === state.ringingAt && answeredAt === state.answeredAt && dial === state.causes.dial;
  return same ? state : { ...state, dialledAt, ringingAt, answeredAt, causes: { ...state.causes, dial } };
}

/** The beginning channel is with someone once another is in its bridge, whichever entered first. */
function bridged(state: ForeignCall, event: ChannelEvent, nameOf: (channelId: string) => string): ForeignCall {
  if (event.kind !== 'entered_bridge' || state.bridgedAt !== null) return state;
  const { id } = event.channel;
  if (id !== state.callId && !event.members.includes(state.callId)) return state;
  const peer = id === state.callId ? event.members.find((other) => other !== id) : id;
  return peer === undefined ? state : { ...state, bridgedAt: event.at, answeredAt: state.answeredAt ?? event.at, peer: nameOf(peer) };
}

/** A key counts where it was pressed: at a channel that somebody is at. Local channels pass it on and would count it again; only half 1 of
 *  one that began the call, with nobody but the dialplan behind it, is where such a key shows at all. One press per instant: its event's id. */
function newDigit(state: ForeignCall, event: ChannelEvent, leg: Leg): DtmfDigit | null {
  if (event.kind !== 'dtmf' || state.dtmf.length >= DTMF_KEPT) return null;
  if (leg.half !== null && (leg.id !== state.callId || leg.half === 2 || state.nearIsReal)) return null;
  return state.dtmf.some(({ at }) => at === event.at) ? null : { at: event.at, digit: event.digit };
}
