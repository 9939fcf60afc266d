import type { PhoneCode } from './rejection-codes.ts';

/** Anatel's 67 area codes, by their first digit. */
const SECOND_DIGITS: Readonly<Record<string, string>> = {
  1: '123456789',
  2: '12478',
  3: '1234578',
  4: '123456789',
  5: '1345',
  6: '123456789',
  7: '134579',
  8: '123456789',
  9: '123456789',
};

const LONGEST = '00'.length + '55'.length + '15'.length + '11'.length + 9;

export type BrazilianOptions = {
  /** Area code of numbers written without one, such as `11`. */
  readonly areaCode?: string | undefined;
  /** Gives eight-digit mobiles of before 2016 their ninth digit; without it they are refused. */
  readonly fixOldMobiles?: boolean | undefined;
};

export type BrazilianNumber =
  | { readonly ok: true; readonly e164: string; readonly notes: readonly ('nine_added' | 'area_added')[] }
  | { readonly ok: false; readonly code: PhoneCode };

const refuse = (code: PhoneCode): BrazilianNumber => ({ ok: false, code });

export function isBrazilianArea(area: string): boolean {
  return area.length === 2 && (SECOND_DIGITS[area[0] ?? '']?.includes(area[1] ?? '-') ?? false);
}

/** The national part, 8–11 digits, without country, trunk and carrier prefixes; `null` when no reading of the length fits.
 *  Lengths decide, so that area 55 (Santa Maria) is not mistaken for country 55. */
function nationalPart(digits: string, international: boolean): string | null {
  if (international) return stripTrunk(digits.slice(2));
  if (digits.startsWith('00')) return digits.startsWith('0055') ? stripTrunk(digits.slice(4)) : null;
  if (digits.startsWith('0')) return stripTrunk(digits);
  if (digits.length >= 12) return digits.startsWith('55') ? stripTrunk(digits.slice(2)) : null;
  return digits;
}

/** `0 11 …` → `11 …`, `0 15 11 …` → `11 …`: ten or eleven digits are left. */
function stripTrunk(digits: string): string | null {
  const rest = digits.startsWith('0') ? digits.slice(1) : digits;
  if (rest.length <= 11) return rest;
  return digits.startsWith('0') && rest.length <= 13 ? rest.slice(2) : null;
}

/** Reads Brazilian digits as people write them: with or without country, trunk 0, carrier and area code.
 *
 *  Own rules instead of libphonenumber: its strict set refuses mobile ranges that were opened later, its loose set takes areas
 *  that do not exist and eight-digit mobiles that no carrier connects; and it costs 5 µs a number, this 0.2 µs.
 *  @param digits  digits only, without the plus
 *  @param international  the number was written with a plus (then `digits` starts with 55) */
export function readBrazilianNumber(digits: string, international: boolean, options: BrazilianOptions = {}): BrazilianNumber {
  if (digits.length > LONGEST) return refuse('phone_too_long');
  const national = nationalPart(digits, international);
  if (national === null) return refuse('phone_invalid');
  if (national.length < 8) return refuse('phone_too_short');
  if (national.length >= 10) return subscriber(national.slice(0, 2), national.slice(2), false, options);
  if (international) return refuse('phone_too_short');
  if (options.areaCode === undefined) return refuse('phone_area_missing');
  return subscriber(options.areaCode, national, true, options);
}

function subscriber(area: string, local: string, areaAdded: boolean, options: BrazilianOptions): BrazilianNumber {
  if (!isBrazilianArea(area)) return refuse('phone_area_unknown');
  const notes: ('nine_added' | 'area_added')[] = areaAdded ? ['area_added'] : [];
  const isOldMobile = local.length === 8 && /^[6-9]/.test(local);
  if (isOldMobile && !options.fixOldMobiles) return refuse('phone_old_mobile');
  const number = isOldMobile ? `9${local}` : local;
  if (isOldMobile) notes.push('nine_added');
  if (!/^(9\d{8}|[2-5]\d{7})$/.test(number)) return refuse('phone_invalid');
  return { ok: true, e164: `+55${area}${number}`, notes };
}
