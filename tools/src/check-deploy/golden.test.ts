import { compareGolden, keptText } from './golden.ts';

const SECRET = `data:\n  a: ${Buffer.from('x'.repeat(32)).toString('base64')}\n  b: c2hvcnQ=\n`;

test('what is made anew each time is not kept', () => {
  expect(keptText(SECRET)).toBe('data:\n  a: bWFkZSBhbmV3\n  b: c2hvcnQ=\n');
});

test('a rendering is compared line by line', () => {
  const text = 'a: 1\nb: 2\n';
  expect(compareGolden(text, { name: 'x', text })).toEqual([]);
  expect(compareGolden(null, { name: 'x', text })[0]?.says).toMatch(/is missing/);
  expect(compareGolden(text, { name: 'x', text: 'a: 1\nb: 3\n' })[0]?.says).toMatch(/from line 2 on: "b: 2" was committed, "b: 3" is rendered/);
  expect(compareGolden(text, { name: 'x', text: `${text}c: 3\n` })).toHaveLength(1);
  expect(compareGolden(text, { name: 'x', text: 'a: 1\n' })).toHaveLength(1);
});
