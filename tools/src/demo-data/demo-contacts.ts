import { Chance } from './chance.ts';
import { dirtyRows } from './dirty-rows.ts';
import { CITIES, FIRST_NAMES, SURNAMES } from './demo-names.ts';
import { DemoPhones, writtenAs } from './demo-phones.ts';

export const DEMO_SEED = 2026;
export const DEMO_CONTACTS = 1000;

const HEADER = 'Nome;Telefone;Telefone2;Cidade';
const WITH_ALTERNATE = 0.15;
const ALTERNATE_ANSWERS = 0.5;

/** The demo's file: contacts whose numbers tell the simulated carrier what to do, and bad rows of each kind among them.
 *  @param contacts  good rows
 *  @returns bytes, not text: one bad row is no UTF-8 */
export function demoContacts(contacts = DEMO_CONTACTS, seed = DEMO_SEED): Buffer {
  const chance = new Chance(seed);
  const phones = new DemoPhones(chance);
  const good = Array.from({ length: contacts }, () => goodRow(chance, phones));
  const rows: Buffer[] = good.map((row) => Buffer.from(row));
  const bad = dirtyRows(good[0] ?? '');
  bad.forEach((row, index) => rows.splice(Math.round(((index + 1) * contacts) / (bad.length + 1)) + index, 0, row));
  const lineEnd = Buffer.from('\n');
  return Buffer.concat([Buffer.from(HEADER), ...rows].flatMap((row) => [row, lineEnd]));
}

function goodRow(chance: Chance, phones: DemoPhones): string {
  const name = `${chance.pick(FIRST_NAMES)} ${chance.pick(SURNAMES)}${chance.next() < 0.4 ? ` ${chance.pick(SURNAMES)}` : ''}`;
  const [area, city] = chance.pick(CITIES);
  const main = writtenAs(chance, area, phones.next());
  return [name, main, alternate(chance, phones, area), city].join(';');
}

function alternate(chance: Chance, phones: DemoPhones, area: string): string {
  if (chance.next() >= WITH_ALTERNATE) return '';
  return writtenAs(chance, area, chance.next() < ALTERNATE_ANSWERS ? phones.next('answers') : phones.next());
}
