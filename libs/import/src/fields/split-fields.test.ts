import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { splitFields } from './split-fields.ts';

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe('splitFields', () => {
  test('splits what csv-parse splits, the same way', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ';', '"', "'"), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 6 }), (cells) => {
        const record = cells.map(([text, quoted]) => (quoted || /[;"]/.test(text) ? quote(text) : text)).join(';');
        fc.pre(record !== '');
        expect(splitFields(record, ';')).toEqual({ ok: true, fields: (parse(record, { delimiter: ';' }) as string[][])[0] });
      }),
    );
  });

  test('keeps a quote inside an unquoted field', () => {
    expect(splitFields('João "Zé" Silva,11', ',')).toEqual({ ok: true, fields: ['João "Zé" Silva', '11'] });
  });

  test.each([
    ['"open,11', 'quote_unterminated'],
    ['a,"b""', 'quote_unterminated'],
    ['"João" Silva,11', 'quote_misplaced'],
  ] as const)('says what is wrong with %s', (record, problem) => {
    expect(splitFields(record, ',')).toEqual({ ok: false, problem });
  });
});
