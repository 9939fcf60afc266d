import type pc from 'picocolors';
import { z } from 'zod';
import { maskNumber, maskNumbers } from './mask-number.ts';

export interface LineStyle {
  /** show numbers and pressed keys as they are */
  numbers?: boolean;
  colors: ReturnType<typeof pc.createColors>;
}

type Data = Readonly<Record<string, unknown>>;

/** Of types that this version does not know yet, too, as much can be shown. */
const shownEvent = z.object({
  type: z.string(),
  time: z.iso.datetime({ offset: true }),
  campaignid: z.string().optional(),
  inferred: z.boolean().optional(),
  data: z.record(z.string(), z.unknown()),
});

const TYPE_WIDTH = 16;
const DIRECTION_WIDTH = 8;
const NUMBERS_WIDTH = 28;
/** Said elsewhere in the line, or of no interest to whoever watches. */
const LEFT_OUT = new Set(['callId', 'direction', 'route', 'from', 'to', 'startedAt', 'ringingAt', 'answeredAt', 'bridgedAt', 'endedAt', 'durationMs', 'disposition', 'dtmf', 'digit']);
const ID = /^(campaign|.*Id)$/;
const REACHED = new Set(['answered', 'abandoned']);

/** One event as one line: time, type, direction, from → to, then what there is to say.
 *  @returns null for what is no event */
export function liveLine(message: unknown, style: LineStyle): string | null {
  const read = shownEvent.safeParse(message);
  if (!read.success) return null;
  const { colors } = style;
  const { type, time, campaignid, inferred, data } = read.data;
  const parts = [colors.dim(clock(new Date(time))), colors.bold(plain(type).padEnd(TYPE_WIDTH))];
  if (type.startsWith('call.')) parts.push(...callParts(data, style), ...fieldParts(without(data), style), ...fieldParts({ campaign: campaignid }, style));
  else parts.push(...fieldParts(data, style));
  if (inferred) parts.push(colors.yellow('inferred'));
  return parts.join('  ').trimEnd();
}

function callParts(data: Data, { numbers, colors }: LineStyle): string[] {
  const number = (field: string): string => plain(numbers ? String(data[field] ?? '') : maskNumber(String(data[field] ?? ''))) || '–';
  const { disposition, durationMs, digit } = data;
  const parts = [plain(String(data['direction'] ?? '')).padEnd(DIRECTION_WIDTH), `${number('from')} → ${number('to')}`.padEnd(NUMBERS_WIDTH)];
  if (typeof digit === 'string') parts.push(`${colors.dim('key')} ${numbers ? plain(digit) : '*'}`);
  if (typeof durationMs === 'number') parts.push(`${(durationMs / 1_000).toFixed(1)} s`);
  if (typeof disposition === 'string') parts.push((REACHED.has(disposition) ? colors.green : colors.yellow)(plain(disposition)));
  return parts;
}

/** Name and value of each field. Ids are left as they are, though they may look like a number. */
function fieldParts(fields: Data, { numbers, colors }: LineStyle): string[] {
  const show = (name: string, value: string): string => (numbers || ID.test(name) ? value : maskNumbers(value));
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${colors.dim(plain(name))} ${plain(show(name, typeof value === 'string' ? value : JSON.stringify(value)))}`);
}

function without(data: Data): Data {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !LEFT_OUT.has(name)));
}

/** Local time of day. */
function clock(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** Names come from outside: one must not steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
