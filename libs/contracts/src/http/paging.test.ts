import { pageQuery, toPage } from './paging.ts';

const idOf = (row: string) => row;

test('one row more than asked tells that there is another page', () => {
  expect(toPage(['a', 'b', 'c'], 2, idOf)).toEqual({ items: ['a', 'b'], nextCursor: 'b' });
  expect(toPage(['a', 'b'], 2, idOf)).toEqual({ items: ['a', 'b'], nextCursor: null });
  expect(toPage([], 2, idOf)).toEqual({ items: [], nextCursor: null });
});

test('the limit is a number in bounds, 50 unless said', () => {
  expect(pageQuery.parse({})).toEqual({ limit: 50 });
  expect(pageQuery.parse({ limit: '7' }).limit).toBe(7);
  for (const limit of ['0', '501', '1.5', 'x', '']) expect(pageQuery.safeParse({ limit }).success).toBe(false);
});
