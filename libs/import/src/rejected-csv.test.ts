import { readContacts } from './read-contacts.ts';
import { rejectedCsv, type RejectedLine } from './rejected-csv.ts';
import { collect, streamOf } from './testing/collect.ts';

const write = async (rows: RejectedLine[], headers: string[], delimiter = ';') =>
  (await collect(rejectedCsv(streamOf(rows), { headers, delimiter }))).join('');

describe('rejectedCsv', () => {
  test('keeps columns and delimiter, quotes what needs it, and disarms formulas', async () => {
    const csv = await write(
      [
        { column: 'telefone', code: 'phone_characters', raw: '=HYPERLINK("http://x");@1' },
        { column: '', code: 'column_count', raw: '"a;b";1;2' },
        { column: '', code: 'quote_unterminated', raw: '"Ana;11' },
      ],
      ['nome', 'telefone'],
    );
    expect(csv.split('\n')).toEqual([
      '\ufeffimport_error_column;import_error_code;nome;telefone',
      `telefone;phone_characters;"'=HYPERLINK(""http://x"")";'@1`,
      ';column_count;"a;b";1;2',
      ';quote_unterminated;"""Ana;11"',
      '',
    ]);
  });

  test('can be corrected and sent again', async () => {
    const csv = await write([{ column: 'fone', code: 'duplicate_in_campaign', raw: '-Ana,+55 11 91234-5671' }], ['nome', 'fone'], ',');
    const events = await collect(readContacts(streamOf(Buffer.from(csv))));
    expect(events[1]).toMatchObject({ kind: 'contact', contact: { name: '-Ana', phones: ['+5511912345671'] } });
    expect(events[1]).not.toHaveProperty('contact.extra');
  });
});
