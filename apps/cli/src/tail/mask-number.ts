/** Fewer digits are an extension, not somebody's phone. */
const PHONE_DIGITS = 7;
const SHOWN = 4;

/** Hides a phone number but for its last digits: `5511987654321` → `*********4321`. Extensions stay as they are. */
export function maskNumber(number: string): string {
  const digits = number.replaceAll(/\D/g, '').length;
  let left = digits < PHONE_DIGITS ? 0 : digits - SHOWN;
  return number.replaceAll(/\d/g, (digit) => (left-- > 0 ? '*' : digit));
}

/** Hides every phone number in a text, such as the name of a channel. */
export function maskNumbers(text: string): string {
  return text.replaceAll(/\d{7,}/g, maskNumber);
}
