import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { normalizePhone } from './normalize-phone.ts';

const e164 = (raw: string, options = {}) => {
  const phone = normalizePhone(raw, options);
  return phone.ok ? phone.e164 : phone.code;
};

describe('normalizePhone', () => {
  test.each([
    '11 91234-5671', '(11) 91234-5671', '+55 11 91234-5671', '+55 (0) 11 91234.5671', '0 15 11 91234-5671', '(0xx11) 91234-5671',
    '0XX 15 11 91234-5671', '11\u00a091234\u20115671', ' 11/91234/5671 ', '5511912345671', '0055 11 912345671', '011 91234 5671',
  ])('reads %j', (raw) => expect(e164(raw)).toBe('+5511912345671'));

  test.each([
    ['', 'phone_empty'], ['  ', 'phone_empty'], ['()', 'phone_empty'],
    ['11 91234-567a', 'phone_characters'], ['11912345671\r\n', 'phone_characters'], ['1191234\r\nAction: x', 'phone_characters'],
    ['11912345671\0', 'phone_characters'], ['11,912345671', 'phone_characters'], ['"11912345671"', 'phone_characters'],
    ["'11912345671", 'phone_characters'], ['11987654321.0', 'phone_characters'], ['5,51199E+12', 'phone_characters'],
    ['11+912345671', 'phone_characters'], ['++5511912345671', 'phone_characters'], ['١١٩١٢٣٤٥٦٧١', 'phone_characters'],
    ['1'.repeat(40), 'phone_too_long'], ['9'.repeat(1_000_000), 'phone_too_long'], ['x'.repeat(1_000_000), 'phone_characters'],
    ['190', 'phone_too_short'], ['+55 91234-5671', 'phone_too_short'], ['91234-5671', 'phone_area_missing'],
    ['11 8765-4321', 'phone_old_mobile'], ['11 91234-5671 / 11 3333-4444', 'phone_too_long'], ['+1 555', 'phone_invalid'],
    ['+43 1000', 'phone_too_short'],
  ])('refuses %j: %s', (raw, code) => expect(e164(raw)).toBe(code));

  test('reads the numbers of other countries by their own rules', () => {
    expect(e164('+1 (212) 555-2368')).toBe('+12125552368');
    expect(e164('00 351 912 345 678')).toBe('+351912345678');
    expect(e164('(212) 555-2368', { region: 'US' })).toBe('+12125552368');
    expect(e164('+55 11 91234-5671', { region: 'US' })).toBe('+5511912345671');
    expect(e164('12345678', { region: 'XX' })).toBe('phone_invalid');
  });

  test('gives E.164 or a code for any text, and reads its own result back unchanged', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ unit: fc.constantFrom(...'0123456789 ()+-./'), maxLength: 22 }));
    fc.assert(
      fc.property(text, fc.boolean(), (raw, fixOldMobiles) => {
        const phone = normalizePhone(raw, { areaCode: '11', fixOldMobiles });
        if (!phone.ok) return;
        expect(phone.e164).toMatch(/^\+[1-9]\d{6,14}$/);
        expect(normalizePhone(phone.e164)).toEqual({ ok: true, e164: phone.e164, notes: [] });
      }),
      { numRuns: 2000 },
    );
  });

  test('takes no Brazilian number that libphonenumber calls invalid', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 10, maxLength: 11 }), (digits) => {
        const phone = normalizePhone(digits);
        if (phone.ok) expect(parsePhoneNumberFromString(phone.e164)?.isValid()).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
