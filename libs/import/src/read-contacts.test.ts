import fc from 'fast-check';
import { readContacts, type ReadEvent, type ReadOptions, type ReadSummary } from './read-contacts.ts';
import { collect, streamOf } from './testing/collect.ts';

async function read(file: string | Buffer, options: ReadOptions = {}): Promise<ReadEvent[]> {
  return collect(readContacts(streamOf(Buffer.from(file as string)), options));
}

/** One short text per row: `2 Ana +5511…`, or `3 phone_empty telefone`. */
async function rows(file: string | Buffer, options: ReadOptions = {}): Promise<string[]> {
  return (await read(file, options)).flatMap((event) => {
    if (event.kind === 'contact') return [`${event.line} ${event.contact.name} ${event.contact.phones.join(' ')}`];
    return event.kind === 'rejected' ? [`${event.line} ${event.code} ${event.column}`.trim()] : [];
  });
}

const summaryOf = (events: ReadEvent[]) => events.at(-1) as ReadSummary;

describe('readContacts: dialects', () => {
  test.each([
    ['semicolons', 'nome;telefone\nAna;11 91234-5671\n'],
    ['commas and CRLF', 'name,phone\r\nAna,"11 91234-5671"\r\n'],
    ['tabs, no line end', 'NOME\tFone\nAna\t11 91234-5671'],
    ['byte order mark', '\ufeffNome;Número\nAna;11 91234-5671\n'],
    ['other order', 'cidade;telefone;nome\n;11912345671;Ana'],
    ["Excel's sep line", 'sep=|\nnome|telefone\nAna|11912345671'],
  ])('reads %s', async (_, file) => {
    expect((await rows(file)).map((row) => row.slice(2))).toEqual(['Ana +5511912345671']);
  });

  test('reads Latin-1, and UTF-8 after it', async () => {
    const file = Buffer.concat([Buffer.from('nome;número\nJosé;11912345671\n', 'latin1'), Buffer.from('Conceição;11912345672\n')]);
    expect(await rows(file)).toEqual(['2 José +5511912345671', '3 Conceição +5511912345672']);
    expect(summaryOf(await read(file)).encoding).toBe('latin-1');
  });

  test('rejects a damaged line of a UTF-8 file', async () => {
    const file = Buffer.concat([Buffer.from('nome;número\nJos'), Buffer.from([0xc3]), Buffer.from(';11912345671\nAnã;11912345672')]);
    expect(await rows(file)).toEqual(['2 wrong_encoding', '3 Anã +5511912345672']);
  });

  test('keeps unknown columns, and a name of several lines', async () => {
    const [, contact] = await read('nome;telefone;Cidade;__proto__\n"Ana\nMaria";11912345671;São Paulo;x\n');
    expect(contact).toMatchObject({ line: 2, contact: { name: 'Ana Maria' } });
    expect(contact?.kind === 'contact' && Object.entries(contact.contact.extra ?? {})).toEqual([['Cidade', 'São Paulo'], ['__proto__', 'x']]);
  });

  test('takes an area column, and the apostrophe of its own list of rejected rows off', async () => {
    expect(await rows("import_error_code;ddd;fone\nphone_empty;(21);91234-5671\nx;;'+55 11 91234-5672")).toEqual([
      '2  +5521912345671',
      '3  +5511912345672',
    ]);
  });
});

describe('readContacts: whole files refused', () => {
  test.each([
    ['file_empty', Buffer.alloc(0)],
    ['file_empty', Buffer.from('\ufeff\n\n \n')],
    ['wrong_encoding', Buffer.from('\ufeffnome;telefone\nAna;11912345671\n', 'utf16le')],
    ['wrong_encoding', Buffer.from('nome;telefone\nAna;11912345671\n', 'utf16le')],
    ['wrong_encoding', Buffer.from('PK\x03\x04\x14\x00\x06\x00', 'latin1')],
    ['header_missing', Buffer.from('Ana;11912345671\nRui;11912345672\n')],
    ['header_missing', Buffer.from('nome;cidade\nAna;Recife\n')],
    ['header_missing', Buffer.alloc(300_000, 'x')],
  ])('%s', async (code, file) => {
    const events = await read(file);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ kind: 'rejected', code });
    expect(events[1]).toMatchObject({ contacts: 0, refused: code });
  });
});

describe('readContacts: bad rows beside good ones', () => {
  test('each has its line, column and code', async () => {
    const file = [
      'nome;telefone;telefone2', 'Ana;11912345671;', 'Bia;;', 'Caio;11 9abc;', 'Davi;11912345672', 'Edu;11912345673;;x', '', ';;',
      'Fê;11912345671;', 'Gil;;11912345674', 'Hugo;11912345675;11912345674', 'Ivo;11912345676;123', `${'J'.repeat(201)};11912345677;`,
      'Lia;119\0;', '=HYPERLINK("x");11912345678;', 'Mel;"1191234\n5679";', 'Nei;1187654321;',
    ].join('\n');
    expect(await rows(file)).toEqual([
      '2 Ana +5511912345671', '3 phone_empty telefone', '4 phone_characters telefone', '5 column_count', '6 column_count',
      '9 duplicate_in_file telefone', '10 Gil +5511912345674', '11 Hugo +5511912345675', '12 Ivo +5511912345676', '13 name_too_long nome',
      '14 control_characters telefone', '15 =HYPERLINK("x") +5511912345678', '16 phone_characters telefone', '18 phone_old_mobile telefone',
    ]);
    expect(summaryOf(await read(file))).toMatchObject({ contacts: 5, rejected: 9, notes: { alternate_duplicate: 1, phone_too_short: 1 } });
  });

  test('a forgotten quote costs its own row only', async () => {
    const file = 'nome;telefone\n"Ana;11912345671\n"Bia";11912345672\nCaio;"11912345673\nDavi;11912345674\n"Edu" Luz;11912345675\nFê;11912345676\n"Gil;1';
    expect(await rows(file)).toEqual([
      '2 quote_unterminated', '3 Bia +5511912345672', '4 quote_unterminated', '5 Davi +5511912345674', '6 quote_misplaced',
      '7 Fê +5511912345676', '8 quote_unterminated',
    ]);
  });

  test('a quote open for more lines than a field may have costs its own row only', async () => {
    const good = Array.from({ length: 60 }, (_, n) => `N${n};119123450${String(n).padStart(2, '0')}`);
    const found = await rows(['nome;telefone', '"Ana;11912345671', ...good].join('\n'));
    expect(found).toHaveLength(61);
    expect(found.filter((row) => row.includes('quote_unterminated'))).toEqual(['2 quote_unterminated']);
  });

  test('a line of 100 MB is rejected and not held', async () => {
    const block = Buffer.alloc(1 << 20, 'x');
    const parts = [Buffer.from('nome;telefone\nAna;11912345671\n'), ...Array.from({ length: 100 }, () => block), Buffer.from('\nBia;11912345672\n')];
    const before = process.memoryUsage().arrayBuffers;
    const events = await collect(readContacts(streamOf(...parts)));
    const allocated = process.memoryUsage().arrayBuffers - before;
    expect(events.map((event) => ('line' in event ? `${event.line} ${event.kind}` : event.kind))).toEqual([
      '1 header', '2 contact', '3 rejected', '4 contact', 'summary',
    ]);
    expect(events[2]).toMatchObject({ code: 'line_too_long' });
    expect((events[2] as { raw: string }).raw.length).toBeLessThan(1000);
    expect(allocated).toBeLessThan(8 << 20);
  });
});

describe('readContacts: any input', () => {
  const line = fc.oneof(
    fc.constantFrom('Ana;11912345671', '"B;1191234', 'C;"11912345673"', '', '"a\nb";11912345674', 'x";y"', '"";""', '\0;1', 'Zé;11912345675'),
    fc.string({ unit: fc.constantFrom('"', ';', 'a', '1', '\r', 'é'), maxLength: 12 }),
  );
  const file = fc.tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => ['nome;telefone', ...lines].join(end));

  test('gives the same events however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), async (text, sizes) => {
        // Longer than what is sniffed at the start, so that chunks matter.
        const bytes = Buffer.from(`${text}\n${'P;11 91234\n'.repeat(1700)}${text}`);
        const parts: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length] as number) parts.push(bytes.subarray(at, at + (sizes[i % sizes.length] as number)));
        expect(await collect(readContacts(streamOf(...parts)))).toEqual(await read(bytes));
      }),
      { numRuns: 15 },
    );
  });

  test('accounts for every row, in order, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(file.map((text) => Buffer.from(text)), fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))), async (bytes) => {
        const events = await read(bytes);
        const lines = events.flatMap((event) => (event.kind === 'contact' || event.kind === 'rejected' ? [event.line] : []));
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        const summary = summaryOf(events);
        expect(summary.contacts + summary.rejected).toBe(lines.length);
      }),
      { numRuns: 200 },
    );
  });
});
