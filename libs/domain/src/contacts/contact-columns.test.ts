import { contactColumns, phoneColumns } from './contact-columns.ts';

const kinds = (headers: string[]) =>
  contactColumns(headers).map((role) => (role.kind === 'phone' ? (role.main ? 'main' : 'alternate') : role.kind));

describe('contactColumns', () => {
  test.each(['Telefone', 'PHONE', 'celular', 'Fone', 'tel', 'Número', 'numero', 'Phone Number', 'Número do Telefone', 'telefone_1', 'DDD+Telefone', 'WhatsApp', 'telefone principal', 'Tel.'])(
    'takes %s as the main phone',
    (header) => expect(kinds([header])).toEqual(['main']),
  );

  test.each(['telefone2', 'Telefone 3', 'telefone_alternativo', 'alternate_phone', 'phone2', 'Celular Secundário', 'Tel. Comercial', 'fone-residencial'])(
    'takes %s as an alternate',
    (header) => expect(kinds([header])).toEqual(['alternate']),
  );

  test('leaves what only mentions a phone, and the number of a house, alone', () => {
    expect(kinds(['telefone', 'tipo_telefone', 'rua', 'numero'])).toEqual(['main', 'extra', 'extra', 'extra']);
  });

  test('maps name, area, its own error columns and nameless columns', () => {
    expect(kinds(['Nome Completo', 'DDD', 'fone', 'import_error_column', 'import_error_code', '', 'Nome', 'cidade'])).toEqual(
      ['name', 'area', 'main', 'ignored', 'ignored', 'ignored', 'extra', 'extra'],
    );
  });

  test('puts the main phone first, wherever it stands', () => {
    expect(phoneColumns(contactColumns(['telefone2', 'nome', 'phone3', 'celular']))).toEqual([3, 0, 2]);
  });
});
