import type { PhoneCode } from '@discador/domain/contacts/rejection-codes';
import { readBrazilianNumber } from '@discador/domain/contacts/brazilian-number';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

export type PhoneOptions = {
  /** ISO 3166 country of numbers written without a plus, `BR` by default. */
  readonly region?: string | undefined;
  /** Area code of Brazilian numbers written without one, such as `11`. */
  readonly areaCode?: string | undefined;
  /** Gives eight-digit Brazilian mobiles the ninth digit; without it they are refused. */
  readonly fixOldMobiles?: boolean | undefined;
};

export type NormalizedPhone =
  | { readonly ok: true; readonly e164: string; readonly notes: readonly ('nine_added' | 'area_added')[] }
  | { readonly ok: false; readonly code: PhoneCode };

const PLAIN = /^\d+$/;
const FORMATTED = /^[\d ()+\-./\u00a0\u2010-\u2013\u2212]+$/;
/** A spreadsheet or data frame stored the number as a decimal: `11987654321.0`. */
const DECIMAL = /\.\d{1,2}$/;
/** The way Brazilians print "any carrier": `(0xx11) 3333-4444`. */
const ANY_CARRIER = /^\(?0\s*xx/i;
/** Not line ends: those have no business in a number, even at its end. */
const BLANKS_AROUND = /^[ \t\u00a0]+|[ \t\u00a0]+$/g;
/** Longer than any way of writing a number; keeps the regular expressions off megabytes. */
const LONGEST_TEXT = 64;
/** A plus and seven digits. Shorter ones that libphonenumber calls valid, such as `+431000`, are service numbers, not people. */
const SHORTEST_E164 = 8;

const refuse = (code: PhoneCode): NormalizedPhone => ({ ok: false, code });

/** Whether numbers of this country can be read without a plus. */
export const isKnownRegion = (region: string): boolean => isSupportedCountry(region);

/** Brings one phone number, as people type it, to E.164 with a leading plus; never throws.
 *  Brazil goes by the domain's own rules; other countries by libphonenumber's `min` set (80 kB, 5 µs a number: as `max`, which
 *  knows more but refuses real numbers of ranges newer than the package). */
export function normalizePhone(raw: string, options: PhoneOptions = {}): NormalizedPhone {
  const text = raw.replace(BLANKS_AROUND, '');
  if (text === '') return refuse('phone_empty');
  if (text.length > LONGEST_TEXT) return refuse(FORMATTED.test(text.slice(0, LONGEST_TEXT)) ? 'phone_too_long' : 'phone_characters');
  const written = text.replace(ANY_CARRIER, '0');
  const digits = PLAIN.test(written) ? written : digitsOf(written);
  if (digits === null) return refuse('phone_characters');
  if (digits.length === 0) return refuse('phone_empty');
  return normalizeDigits(digits, written.includes('+'), options);
}

function digitsOf(text: string): string | null {
  const plus = text.indexOf('+');
  const plusIsFirst = plus === -1 || (plus === text.lastIndexOf('+') && !/\d/.test(text.slice(0, plus)));
  if (!FORMATTED.test(text) || DECIMAL.test(text) || !plusIsFirst) return null;
  return text.replace(/\D/g, '');
}

function normalizeDigits(digits: string, international: boolean, options: PhoneOptions): NormalizedPhone {
  const region = options.region ?? 'BR';
  const brazilian = international ? digits.startsWith('55') : region === 'BR' && (!digits.startsWith('00') || digits.startsWith('0055'));
  if (brazilian) return readBrazilianNumber(digits, international, options);
  if (digits.length > 17) return refuse('phone_too_long');
  if (digits.length < 4) return refuse('phone_too_short');
  if (international || digits.startsWith('00')) return abroad(`+${digits.replace(/^00/, '')}`, undefined);
  return isSupportedCountry(region) ? abroad(digits, region) : refuse('phone_invalid');
}

function abroad(number: string, region: CountryCode | undefined): NormalizedPhone {
  const parsed = parsePhoneNumberFromString(number, region);
  if (!parsed?.isValid()) return refuse('phone_invalid');
  return parsed.number.length < SHORTEST_E164 ? refuse('phone_too_short') : { ok: true, e164: parsed.number, notes: [] };
}
