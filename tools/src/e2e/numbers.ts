let made = Math.floor(Math.random() * 60_000);

/** `n` numbers that no other call of this run has, each ending in `digits` (contract 5: ringing in s, talk in units of 2 s, outcome).
 *  @returns E.164 with plus */
export function numbers(n: number, digits: string): string[] {
  return Array.from({ length: n }, () => `+55119${String(made++ % 100_000).padStart(5, '0')}${digits}`);
}

/** A plain contact file. */
export const contactsCsv = (phones: string[]): Buffer => Buffer.from(`name,phone\n${phones.map((phone, index) => `Contact ${index},${phone}\n`).join('')}`);
