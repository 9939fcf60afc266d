import fc from 'fast-check';
import { isBrazilianArea, readBrazilianNumber } from './brazilian-number.ts';

const read = (digits: string, options = {}) => readBrazilianNumber(digits, false, options);

describe('readBrazilianNumber', () => {
  test.each([
    ['11912345671', '+5511912345671'],
    ['1133334444', '+551133334444'],
    ['5511912345671', '+5511912345671'],
    ['551133334444', '+551133334444'],
    ['011912345671', '+5511912345671'],
    ['01511912345671', '+5511912345671'],
    ['0211133334444', '+551133334444'],
    ['005511912345671', '+5511912345671'],
    ['55991234567', '+5555991234567'], // area 55, not country 55
    ['5532201234', '+555532201234'],
    ['5555991234567', '+5555991234567'],
  ])('reads %s as %s', (digits, e164) => {
    expect(read(digits)).toEqual({ ok: true, e164, notes: [] });
  });

  test.each([
    ['1234567', 'phone_too_short'],
    ['1'.repeat(40), 'phone_too_long'],
    ['912345671', 'phone_area_missing'],
    ['10912345671', 'phone_area_unknown'],
    ['23912345671', 'phone_area_unknown'],
    ['1187654321', 'phone_old_mobile'],
    ['11812345671', 'phone_invalid'], // nine digits that do not start with 9
    ['1112345678', 'phone_invalid'], // no landline starts with 1
    ['4411912345671', 'phone_invalid'],
    ['08001234567', 'phone_area_unknown'],
  ])('refuses %s: %s', (digits, code) => {
    expect(read(digits)).toEqual({ ok: false, code });
  });

  test('adds the default area code, and says so', () => {
    expect(read('912345671', { areaCode: '11' })).toEqual({ ok: true, e164: '+5511912345671', notes: ['area_added'] });
    expect(read('33334444', { areaCode: '21' })).toEqual({ ok: true, e164: '+552133334444', notes: ['area_added'] });
    expect(read('33334444', { areaCode: '20' })).toEqual({ ok: false, code: 'phone_area_unknown' });
  });

  test('gives an old mobile its nine when asked, never a landline', () => {
    const options = { areaCode: '11', fixOldMobiles: true };
    expect(read('1187654321', options)).toEqual({ ok: true, e164: '+5511987654321', notes: ['nine_added'] });
    expect(read('87654321', options)).toEqual({ ok: true, e164: '+5511987654321', notes: ['area_added', 'nine_added'] });
    expect(read('1133334444', options)).toEqual({ ok: true, e164: '+551133334444', notes: [] });
  });

  test('takes every mobile of every area: the carrier under test decides by the last digits', () => {
    const area = fc.integer({ min: 11, max: 99 }).map(String).filter(isBrazilianArea);
    const local = fc.integer({ min: 0, max: 99_999_999 }).map((n) => `9${String(n).padStart(8, '0')}`);
    fc.assert(
      fc.property(area, local, (ddd, number) => {
        expect(read(ddd + number)).toEqual({ ok: true, e164: `+55${ddd}${number}`, notes: [] });
      }),
    );
  });

  test('knows the 67 areas', () => {
    expect(Array.from({ length: 100 }, (_, n) => String(n)).filter(isBrazilianArea)).toHaveLength(67);
  });
});
