import { eventAtMs, intOf, type AmiEvent } from './ami-event.ts';

/** One extension with two lines, as the PBX last told. */
export interface Extension {
  registered: boolean;
  /** 0–2 */
  busyLines: number;
  /** a line rings */
  ringing: boolean;
  /** when any of this last changed, epoch milliseconds; null while only seen as it is */
  lastActivityMs: number | null;
}

/** By number. */
export type Extensions = ReadonlyMap<string, Extension>;

const DEVICE = /^(?:PJSIP|SIP)\/([0-9]{2,10})(?![^,&])/;
const NUMBER = /^([0-9]{2,10})$/;
const RINGING_DEVICE = new Set(['RINGING', 'RINGINUSE']);
const AWAY_DEVICE = new Set(['UNAVAILABLE', 'INVALID']);
/** BUSY means that no line is left: a phone with a free line is INUSE. UNKNOWN says nothing of the lines. */
const LINES_OF_DEVICE: Readonly<Record<string, number>> = { NOT_INUSE: 0, INUSE: 1, RINGING: 1, ONHOLD: 1, BUSY: 2, RINGINUSE: 2 };
/** Bits of ExtensionStatus: 1 in use, 2 busy, 4 unavailable, 8 ringing, 16 on hold; negative: the hint is gone. */
const UNAVAILABLE = 4;
const BUSY = 2;
const RINGING = 8;
const GONE = new Set(['Removed', 'Unreachable', 'Unregistered', 'Rejected']);

/** Takes one AMI event into the extensions of a PBX: chan_sip and PJSIP alike. Trunks and other devices, which are not named by
 *  2–10 digits, change nothing. */
export function foldExtensionEvent(extensions: Extensions, event: AmiEvent, nowMs: number): Extensions {
  const told = whatItTells(event);
  if (!told) return extensions;
  const before = extensions.get(told.number);
  const registered = told.registered ?? before?.registered ?? true;
  const busyLines = registered ? (told.busyLines ?? before?.busyLines ?? 0) : 0;
  const ringing = busyLines > 0 && (told.ringing ?? before?.ringing ?? false);
  if (before?.registered === registered && before.busyLines === busyLines && before.ringing === ringing) return extensions;
  return new Map(extensions).set(told.number, { registered, busyLines, ringing, lastActivityMs: before ? eventAtMs(event, nowMs) : null });
}

/** The number of the extension whose state a `DeviceStateChange` gives. */
export function extensionOfDevice(event: AmiEvent): string | null {
  return DEVICE.exec(event['Device'] ?? '')?.[1] ?? null;
}

interface Told {
  number: string;
  registered?: boolean;
  busyLines?: number | undefined;
  ringing?: boolean;
}

function whatItTells(event: AmiEvent): Told | null {
  switch (event['Event']) {
    case 'DeviceStateChange': {
      const state = event['State'] ?? '';
      return told(extensionOfDevice(event), { registered: !AWAY_DEVICE.has(state), busyLines: LINES_OF_DEVICE[state], ringing: RINGING_DEVICE.has(state) });
    }
    case 'ExtensionStatus': {
      const status = intOf(event, 'Status');
      return told(DEVICE.exec(event['Hint'] ?? '')?.[1], { registered: status >= 0 && status !== UNAVAILABLE, busyLines: linesOfStatus(status), ringing: (status & RINGING) !== 0 });
    }
    case 'ContactStatus':
      return told(NUMBER.exec(event['EndpointName'] ?? '')?.[1], { registered: !GONE.has(event['ContactStatus'] ?? '') });
    case 'PeerStatus':
      return told(DEVICE.exec(event['Peer'] ?? '')?.[1], { registered: !GONE.has(event['PeerStatus'] ?? '') });
    default:
      return null;
  }
}

function told(number: string | null | undefined, what: Omit<Told, 'number'>): Told | null {
  return number ? { number, ...what } : null;
}

/** Two bits at once, e.g. in use and ringing, are two lines. */
function linesOfStatus(status: number): number {
  if (status <= 0 || status === UNAVAILABLE) return 0;
  const bits = [1, RINGING, 16].filter((bit) => (status & bit) !== 0).length;
  return (status & BUSY) !== 0 ? 2 : Math.min(2, bits);
}

export interface ExtensionTotals {
  total: number;
  registered: number;
  /** registered, and a line free */
  available: number;
  /** registered, and a line taken */
  busy: number;
}

export function countExtensions(extensions: Extensions): ExtensionTotals {
  const registered = [...extensions.values()].filter((extension) => extension.registered);
  return {
    total: extensions.size,
    registered: registered.length,
    available: registered.filter((extension) => extension.busyLines < 2).length,
    busy: registered.filter((extension) => extension.busyLines > 0).length,
  };
}
