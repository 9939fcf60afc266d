/** Why a phone number is refused. */
export type PhoneCode =
  | 'phone_empty'
  | 'phone_characters'
  | 'phone_too_short'
  | 'phone_too_long'
  | 'phone_area_missing'
  | 'phone_area_unknown'
  | 'phone_old_mobile'
  | 'phone_invalid';

/** Why a whole file is refused: nothing of it is imported. */
export type FileCode = 'file_empty' | 'wrong_encoding' | 'header_missing';

/** Why one row is refused. `wrong_encoding` also happens to a single row, in a file that is otherwise UTF-8. */
export type RowCode =
  | PhoneCode
  | 'wrong_encoding'
  | 'line_too_long'
  | 'column_count'
  | 'quote_unterminated'
  | 'quote_misplaced'
  | 'control_characters'
  | 'name_too_long'
  | 'duplicate_in_file'
  | 'duplicate_in_campaign';

export type RejectionCode = FileCode | RowCode;

/** What was changed or left out in a row that was imported. An alternate phone that is no good is noted with its PhoneCode. */
export type NoteCode = PhoneCode | 'nine_added' | 'area_added' | 'alternate_duplicate' | 'extra_cut';

type Text = { readonly pt: string; readonly en: string };

/** The one table of messages. It is closed: a code without both languages does not compile. */
export const messages: Readonly<Record<RejectionCode | NoteCode, Text>> = {
  file_empty: { pt: 'O arquivo está vazio.', en: 'The file is empty.' },
  wrong_encoding: { pt: 'A codificação não é UTF-8 nem Latin-1.', en: 'The encoding is neither UTF-8 nor Latin-1.' },
  header_missing: {
    pt: 'Falta a linha de cabeçalho com uma coluna "telefone" (e, se houver, "nome", "telefone2").',
    en: 'The header line with a column "phone" (and optionally "name", "phone2") is missing.',
  },
  line_too_long: { pt: 'A linha é longa demais.', en: 'The line is too long.' },
  column_count: { pt: 'A linha tem colunas a mais ou a menos.', en: 'The row has too few or too many columns.' },
  quote_unterminated: { pt: 'Aspas abertas e não fechadas.', en: 'A quote is opened and never closed.' },
  quote_misplaced: { pt: 'Há texto depois das aspas que fecham.', en: 'There is text after a closing quote.' },
  control_characters: { pt: 'Há caracteres de controle na linha.', en: 'The row contains control characters.' },
  name_too_long: { pt: 'O nome é longo demais.', en: 'The name is too long.' },
  duplicate_in_file: { pt: 'O telefone já apareceu neste arquivo.', en: 'The phone appeared earlier in this file.' },
  duplicate_in_campaign: { pt: 'O telefone já está na campanha.', en: 'The phone is in the campaign already.' },
  phone_empty: { pt: 'Falta o telefone.', en: 'The phone is missing.' },
  phone_characters: { pt: 'O telefone tem caracteres que não são aceitos.', en: 'The phone has characters that are not accepted.' },
  phone_too_short: { pt: 'O telefone tem dígitos a menos.', en: 'The phone has too few digits.' },
  phone_too_long: { pt: 'O telefone tem dígitos a mais.', en: 'The phone has too many digits.' },
  phone_area_missing: { pt: 'Falta o DDD e não há um padrão.', en: 'The area code is missing and there is no default.' },
  phone_area_unknown: { pt: 'O DDD não existe.', en: 'The area code does not exist.' },
  phone_old_mobile: { pt: 'Celular antigo, sem o nono dígito.', en: 'An old mobile number without the ninth digit.' },
  phone_invalid: { pt: 'O telefone não é válido.', en: 'The phone is not valid.' },
  nine_added: { pt: 'O nono dígito foi acrescentado.', en: 'The ninth digit was added.' },
  area_added: { pt: 'O DDD padrão foi acrescentado.', en: 'The default area code was added.' },
  alternate_duplicate: { pt: 'Telefone alternativo repetido, deixado de fora.', en: 'Repeated alternate phone, left out.' },
  extra_cut: { pt: 'Colunas adicionais foram cortadas.', en: 'Additional columns were cut.' },
};
