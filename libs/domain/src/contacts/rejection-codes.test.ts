import { messages } from './rejection-codes.ts';

test('every code says something in both languages', () => {
  for (const text of Object.values(messages)) {
    expect(text.pt).toMatch(/\.$/);
    expect(text.en).toMatch(/\.$/);
    expect(text.pt).not.toBe(text.en);
  }
});
