/** What differs from call to call in a recording. All replacements are as long as what they replace, so that a frame's length stays. */
export interface Place {
  readonly kind: 'now' | 'created' | 'campaign' | 'attempt' | 'uuid' | 'channel' | 'number' | 'serial';
  readonly original: string;
}

export interface Found {
  /** byte offset */
  readonly at: number;
  /** index into the recording's places */
  readonly place: number;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const TIME = '[0-9-]{10}T[0-9:.]{12}\\+0000';
const PATTERNS: Readonly<Record<Place['kind'], string>> = {
  now: `(?<="timestamp":")${TIME}`,
  created: TIME,
  campaign: `(?<="accountcode":")${UUID}`,
  attempt: '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}',
  uuid: UUID,
  /** Asterisk's own channel ids: epoch second and a counter */
  channel: '\\b[0-9]{10}(?=\\.[0-9])',
  number: '\\b5511[0-9]{9}\\b',
  /** the counter at the end of a channel's name */
  serial: '(?<=-)[0-9a-f]{8}(?=[;"])',
};
const ANY = new RegExp(Object.entries(PATTERNS).map(([kind, pattern]) => `(?<${kind}>${pattern})`).join('|'), 'g');
const CAMPAIGNS = 20;

/** Finds the places of one text; new ones are added to `places`. */
export function findPlaces(text: string, places: Place[]): Found[] {
  return [...text.matchAll(ANY)].map((match) => {
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] as Place['kind'];
    const original = match[0];
    const known = places.findIndex((place) => place.kind === kind && place.original === original);
    return { at: match.index, place: known >= 0 ? known : places.push({ kind, original }) - 1 };
  });
}

/** What stands at a place in call number `n`; times are the player's.
 *  @param epochMs  goes into the attempt ids, which are UUIDs of version 7 */
export function textAt({ kind, original }: Place, n: number, epochMs: number): string {
  const tail = n.toString(16).padStart(10, '0');
  switch (kind) {
    case 'campaign':
      return `${original.slice(0, -2)}${(n % CAMPAIGNS).toString(16).padStart(2, '0')}`;
    case 'attempt': {
      const time = epochMs.toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-${original.slice(14, 24)}${tail}${original.slice(-2)}`;
    }
    case 'uuid':
      return `${original.slice(0, 24)}${tail}${original.slice(-2)}`;
    case 'channel':
      return String(1_000_000_000 + n);
    case 'number':
      return `5511${String(n % 1_000_000).padStart(6, '0')}${original.slice(-3)}`; // the last digits decide how the carrier behaves
    case 'serial':
      return ((n % 0x1000_0000) * 16 + (Number.parseInt(original, 16) % 16)).toString(16).padStart(8, '0');
    default:
      return original;
  }
}

/** A text of the recording as call number `n` has it. */
export function varied(text: string, n: number, epochMs: number): string {
  const places: Place[] = [];
  let result = text;
  for (const { at, place } of findPlaces(text, places)) {
    const replacement = textAt(places[place] as Place, n, epochMs);
    result = `${result.slice(0, at)}${replacement}${result.slice(at + replacement.length)}`;
  }
  return result;
}

/** @returns the number of the call that an id belongs to, null for one that is not ours */
export function callNumberOf(callId: string): number | null {
  const uuid = /^[0-9a-f-]{24}([0-9a-f]{10})[0-9a-f]{2}$/.exec(callId);
  if (uuid) return Number.parseInt(uuid[1] ?? '', 16);
  const channel = /\b1([0-9]{9})\./.exec(callId);
  return channel ? Number(channel[1]) : null;
}
