const FIRST_SLOTS = 1 << 12;

/** The phones already seen in a file: 16–32 bytes each (a Set of strings takes 80, and ends at 16.7 million).
 *  An E.164 number has at most 15 digits, so a double holds it exactly; open addressing, at most half full. */
export class PhoneSet {
  #slots = new Float64Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param phone  E.164 with its leading plus */
  has(phone: string): boolean {
    const key = Number(phone.slice(1));
    return this.#slots[this.#find(key)] === key;
  }

  add(phone: string): void {
    this.#insert(Number(phone.slice(1)));
    if (this.#size * 2 > this.#slots.length) this.#grow();
  }

  #insert(key: number): void {
    const slot = this.#find(key);
    if (this.#slots[slot] === key) return;
    this.#slots[slot] = key;
    this.#size += 1;
  }

  /** The key's slot, or the empty one (0) where it would go. */
  #find(key: number): number {
    const mask = this.#slots.length - 1;
    let slot = Math.imul((key % 0x1_0000_0000) ^ Math.floor(key / 0x1_0000_0000), 0x9e37_79b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    this.#size = 0;
    for (const key of old) if (key !== 0) this.#insert(key);
  }
}
