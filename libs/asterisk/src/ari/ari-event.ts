import type { BridgeMembers, ChannelEvent, ChannelSnapshot } from '@discador/domain/calls/channel-event';

/** An event for the state machine; one of a type that nobody reads; or text that is no ARI event. */
export type AriEvent =
  | { readonly kind: 'channel'; readonly type: string; readonly event: ChannelEvent }
  | { readonly kind: 'ignored'; readonly type: string }
  | { readonly kind: 'malformed'; readonly reason: string };

type Json = Readonly<Record<string, unknown>>;
type Parse = (message: Json, at: number) => ChannelEvent | string;

const PARSERS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['ChannelCreated', simple('created')],
  ['ChannelStateChange', simple('state')],
  ['ChannelHold', simple('hold')],
  ['ChannelUnhold', simple('unhold')],
  ['Dial', dial],
  ['ChannelDtmfReceived', dtmf],
  ['ChannelEnteredBridge', bridge('entered_bridge')],
  ['ChannelLeftBridge', bridge('left_bridge')],
  ['BridgeBlindTransfer', blindTransfer],
  ['BridgeAttendedTransfer', attendedTransfer],
  ['ChannelHangupRequest', ending('hangup_request')],
  ['ChannelDestroyed', ending('destroyed')],
]);

/** The types that carry something for the state machine. */
export const READ_TYPES: readonly string[] = [...PARSERS.keys()];

const MAX_TEXT = 300;
const MAX_MEMBERS = 1_000;
const TYPE_FIRST = Buffer.from('{"type":"');
const QUOTE = 0x22;

/** Checks and narrows one WebSocket message; never throws. Two thirds of the messages are of types that nobody reads and say so in their first
 *  bytes: those are not parsed. (When `type` is not the first key, as in ChannelVarset, the whole is.) */
export function parseAriEvent(raw: Buffer | string): AriEvent {
  const peeked = typeof raw === 'string' ? null : peekType(raw);
  if (peeked !== null && !PARSERS.has(peeked)) return { kind: 'ignored', type: peeked };
  let message: unknown;
  try {
    message = JSON.parse(typeof raw === 'string' ? raw : raw.toString('utf8'));
  } catch {
    return { kind: 'malformed', reason: 'not JSON' };
  }
  if (!isObject(message) || typeof message['type'] !== 'string') return { kind: 'malformed', reason: 'no type' };
  const type = message['type'];
  const parse = PARSERS.get(type);
  if (!parse) return { kind: 'ignored', type };
  const at = parseInstant(message['timestamp']);
  if (at === null) return { kind: 'malformed', reason: 'timestamp' };
  const event = parse(message, at);
  return typeof event === 'string' ? { kind: 'malformed', reason: event } : { kind: 'channel', type, event };
}

/** @returns null when it is not a channel as ARI describes one */
export function parseChannel(value: unknown): ChannelSnapshot | null {
  if (!isObject(value)) return null;
  const { id, name, state, accountcode, caller, dialplan, creationtime } = value;
  const createdAt = parseInstant(creationtime);
  if (!isText(id) || id.length === 0 || !isText(name) || !isText(state) || createdAt === null) return null;
  const number = isObject(caller) ? caller['number'] : undefined;
  const context = isObject(dialplan) ? dialplan['context'] : undefined;
  const exten = isObject(dialplan) ? dialplan['exten'] : undefined;
  const app = isObject(dialplan) ? dialplan['app_name'] : undefined;
  return {
    id,
    name,
    state,
    accountCode: isText(accountcode) ? accountcode : '',
    callerNumber: isText(number) ? number : '',
    context: isText(context) ? context : '',
    exten: isText(exten) ? exten : '',
    app: isText(app) ? app : '',
    createdAt,
  };
}

/** @returns null when it is not a bridge as ARI describes one */
export function parseBridge(value: unknown): BridgeMembers | null {
  if (!isObject(value)) return null;
  const { id, channels } = value;
  return isText(id) && Array.isArray(channels) && channels.length <= MAX_MEMBERS ? { id, members: channels.filter(isText) } : null;
}

/** Reads `2026-11-20T23:42:50.976+0000` by position: `Date.parse` takes this form only on its slow path.
 *  @returns epoch milliseconds, or null */
export function parseInstant(value: unknown): number | null {
  if (typeof value !== 'string' || value.length !== 28) return null;
  const number = (from: number, length: number): number => {
    let result = 0;
    for (let i = from; i < from + length; i += 1) {
      const digit = value.charCodeAt(i) - 48;
      result = digit >= 0 && digit <= 9 ? result * 10 + digit : Number.NaN;
    }
    return result;
  };
  const utc = Date.UTC(number(0, 4), number(5, 2) - 1, number(8, 2), number(11, 2), number(14, 2), number(17, 2), number(20, 3));
  const offsetMs = (number(24, 2) * 60 + number(26, 2)) * 60_000;
  const at = value[23] === '-' ? utc + offsetMs : utc - offsetMs;
  return Number.isFinite(at) ? at : null;
}

function peekType(raw: Buffer): string | null {
  if (raw.length < 64 || raw.compare(TYPE_FIRST, 0, TYPE_FIRST.length, 0, TYPE_FIRST.length) !== 0) return null;
  const end = raw.indexOf(QUOTE, TYPE_FIRST.length);
  return end < 0 || end > 60 ? null : raw.toString('latin1', TYPE_FIRST.length, end);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function simple(kind: 'created' | 'state' | 'hold' | 'unhold'): Parse {
  return (message, at) => {
    const channel = parseChannel(message['channel']);
    return channel ? { kind, at, channel } : 'channel';
  };
}

function dial(message: Json, at: number): ChannelEvent | string {
  const peer = parseChannel(message['peer']);
  if (!peer) return 'peer';
  const caller = message['caller'] === undefined ? null : parseChannel(message['caller']);
  const { dialstatus: status, dialstring: dialString } = message;
  return { kind: 'dial', at, status: isText(status) ? status : '', peer, caller, ...(isText(dialString) ? { dialString } : {}) };
}

function dtmf(message: Json, at: number): ChannelEvent | string {
  const channel = parseChannel(message['channel']);
  const digit = message['digit'];
  if (!channel) return 'channel';
  return isText(digit) && digit.length === 1 ? { kind: 'dtmf', at, channel, digit } : 'digit';
}

function bridge(kind: 'entered_bridge' | 'left_bridge'): Parse {
  return (message, at) => {
    const channel = parseChannel(message['channel']);
    const of = parseBridge(message['bridge']);
    if (!channel) return 'channel';
    return of ? { kind, at, channel, bridgeId: of.id, members: of.members } : 'bridge';
  };
}

function blindTransfer(message: Json, at: number): ChannelEvent | string {
  const { exten, result } = message;
  const channel = parseChannel(message['channel']);
  if (!channel) return 'channel';
  if (!isText(exten)) return 'exten';
  return { kind: 'transfer', at, how: 'blind', succeeded: result === 'Success', channel, transferee: parseChannel(message['transferee']), target: exten };
}

/** Its first leg is the call that is handed on, its second the one to whom. */
function attendedTransfer(message: Json, at: number): ChannelEvent | string {
  const channel = parseChannel(message['transferer_first_leg']);
  const second = parseChannel(message['transferer_second_leg']);
  if (!channel) return 'transferer_first_leg';
  if (!second) return 'transferer_second_leg';
  const { destination_bridge: toBridge, destination_application: toApplication, result } = message;
  const target = parseChannel(message['transfer_target'])?.name ?? [toApplication, toBridge].find((one) => isText(one) && one !== '') ?? second.name;
  return { kind: 'transfer', at, how: 'attended', succeeded: result === 'Success', channel, transferee: parseChannel(message['transferee']), target: String(target) };
}

function ending(kind: 'hangup_request' | 'destroyed'): Parse {
  return (message, at) => {
    const channel = parseChannel(message['channel']);
    if (!channel) return 'channel';
    const cause = message['cause'] ?? 0;
    const valid = Number.isInteger(cause) && Number(cause) >= 0 && Number(cause) <= 255;
    return valid ? { kind, at, channel, cause: Number(cause) } : 'cause';
  };
}
