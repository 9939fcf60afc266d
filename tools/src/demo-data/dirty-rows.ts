/** Rows as real lists have them, one or more for each way in which a row can be bad.
 *  @param known  a good row, given a second time */
export function dirtyRows(known: string): Buffer[] {
  const text = [
    'Sem Telefone;;;São Paulo', // phone_empty
    'Só Traços;--;;São Paulo',
    'Letras;11 9CASA-2041;;São Paulo', // phone_characters
    'Vírgula;11,912345671;;São Paulo',
    'Aspas;"11 ""91234-5671""";;São Paulo',
    'Planilha;5,51199E+12;;São Paulo',
    'Decimal;11912345671.0;;São Paulo',
    'Quebra;"11912345671\r\nAction: Command";;São Paulo', // a line end inside a number
    'Fórmula;"=HYPERLINK(""http://exemplo.invalid"")";;São Paulo',
    'Curto;1234;;São Paulo', // phone_too_short
    `Longo;${'1234567890'.repeat(4)};;São Paulo`, // phone_too_long
    'Dois Num Só;11 91234-5671 / 11 3333-4444;;São Paulo',
    'DDD Inexistente;(20) 91234-5671;;São Paulo', // phone_area_unknown
    'Gratuito;0800 123 4567;;São Paulo',
    'Nove Dígitos;11 81234-5671;;São Paulo', // phone_invalid
    'Fixo Impossível;(11) 1234-5678;;São Paulo',
    'Outro País;+44 11 91234;;São Paulo',
    'Coluna a Menos;11 91234-5671;São Paulo', // column_count
    'Colunas;a;mais;11 91234-5671;;São Paulo',
    '"Aspas Abertas;11 91234-5671;;São Paulo', // quote_unterminated
    '"Aspas" Tortas;11 91234-5671;;São Paulo', // quote_misplaced
    'Nulo;11 9\u00001234-5671;;São Paulo', // control_characters
    `${'Nome Comprido '.repeat(20)};11 91234-5671;;São Paulo`, // name_too_long
    known, // duplicate_in_file
  ];
  const latin1 = Buffer.from('Codificação;11 91234-5671;;São Paulo', 'latin1'); // wrong_encoding
  return [...text.map((row) => Buffer.from(row)), latin1];
}
