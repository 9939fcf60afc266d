export type ColumnRole =
  | { readonly kind: 'name' }
  | { readonly kind: 'phone'; readonly main: boolean }
  | { readonly kind: 'area' }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'extra' };

/** The columns that the list of rejected rows adds; a corrected file that is sent again may still have them. */
export const errorColumns = ['import_error_column', 'import_error_code'] as const;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const NAME = words('nome name nome_completo full_name fullname cliente customer contato contact nome_do_cliente nome_cliente nome_do_contato customer_name contact_name');
const AREA = words('ddd area_code codigo_de_area codigo_area');
const PHONE = words('telefone fone tel phone telephone celular cel mobile cell cellphone whatsapp msisdn');
/** An address has a "número" too: these are the phone only when no better column is there. */
const NUMBER = words('numero number num');
const MAIN = words('1 01 principal main primary');
const ALTERNATE = words('2 3 4 5 6 7 8 9 02 03 alternativo alternativa alternate alternative alt secundario secondary adicional other outro backup fixo residencial casa home comercial trabalho work office recado');
const FILLER = words('de do da of the numero number cliente contato customer contact ddd com');

/** `Número do Telefone 2` → `numero_do_telefone_2`; a digit at the end becomes a word of its own. */
function headerWords(header: string): string[] {
  const plain = header.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/([a-z])(\d+)$/, '$1 $2').split(/[^a-z0-9]+/).filter(Boolean);
}

function phoneRole(parts: readonly string[]): ColumnRole | null {
  if (!parts.some((part) => PHONE.has(part))) return null;
  const qualifiers = parts.filter((part) => !PHONE.has(part) && !FILLER.has(part));
  if (qualifiers.every((part) => MAIN.has(part))) return { kind: 'phone', main: true };
  return qualifiers.every((part) => MAIN.has(part) || ALTERNATE.has(part)) ? { kind: 'phone', main: false } : null;
}

function roleOf(parts: readonly string[]): ColumnRole {
  const joined = parts.join('_');
  if (joined === '' || (errorColumns as readonly string[]).includes(joined)) return { kind: 'ignored' };
  if (NAME.has(joined)) return { kind: 'name' };
  if (AREA.has(joined)) return { kind: 'area' };
  return phoneRole(parts) ?? { kind: 'extra' };
}

/** Says what each column of a file holds, by its header in Portuguese or English; case, accents and separators do not matter.
 *  @returns one role per header, in order; a second name or area column is `extra` */
export function contactColumns(headers: readonly string[]): ColumnRole[] {
  const parts = headers.map(headerWords);
  const roles = parts.map(roleOf);
  if (!roles.some((role) => role.kind === 'phone')) {
    const bare = parts.findIndex((words) => words.length === 1 && NUMBER.has(words[0] ?? ''));
    if (bare >= 0) roles[bare] = { kind: 'phone', main: true };
  }
  return roles.map((role, index) => (isRepeated(roles, role, index) ? { kind: 'extra' } : role));
}

function isRepeated(roles: readonly ColumnRole[], role: ColumnRole, index: number): boolean {
  return (role.kind === 'name' || role.kind === 'area') && roles.findIndex((other) => other.kind === role.kind) < index;
}

/** Indexes of the phone columns, the main one first, the others in the order of the file. */
export function phoneColumns(roles: readonly ColumnRole[]): number[] {
  const all = roles.flatMap((role, index) => (role.kind === 'phone' ? [{ index, main: role.main }] : []));
  return [...all.filter((column) => column.main), ...all.filter((column) => !column.main)].map((column) => column.index);
}
