import fc from 'fast-check';
import { drop, each, emptyBook, find, put, type Book } from './book.ts';

interface Record {
  id: string | number;
  value: number;
}

const all = (book: Book<Record>): Record[] => {
  const records: Record[] = [];
  each(book, (record) => records.push(record));
  return records;
};

test('finds by id, and tells a number from a text', () => {
  const book = put(put(put(emptyBook<Record>(), { id: 1, value: 1 }), { id: '1', value: 2 }), { id: 1, value: 3 });
  expect([find(book, 1)?.value, find(book, '1')?.value, find(book, 2), find(book, undefined)]).toEqual([3, 2, undefined, undefined]);
  expect(book.size).toBe(2);
  expect(drop(book, 2)).toBe(book);
});

test('ids that are made in turn are spread over its places, and a place that is emptied is as it was', () => {
  const made = Array.from({ length: 4000 }, (_, id) => ({ id: `call-${id}`, value: id })).reduce((book, record) => put(book, record), emptyBook<Record>());
  expect(Math.max(...made.shelves.flatMap((shelf) => (shelf ?? []).map((place) => place?.length ?? 0)))).toBeLessThan(20);
  const emptied = drop(put(emptyBook<Record>(), { id: 1, value: 1 }), 1);
  expect(emptied.shelves.flat().every((place) => place === null)).toBe(true);
});

test('is a map, and leaves alone what it was made from', () => {
  const steps = fc.array(fc.record({ id: fc.oneof(fc.nat(60), fc.nat(60).map((id) => `call-${id}`)), value: fc.nat(), keep: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (list) => {
      const expected = new Map<string | number, number>();
      let book = emptyBook<Record>();
      for (const { id, value, keep } of list) {
        const before = JSON.stringify(book);
        const next = keep ? put(book, { id, value }) : drop(book, id);
        expect(JSON.stringify(book)).toBe(before);
        book = JSON.parse(JSON.stringify(next)) as Book<Record>;
        if (keep) expected.set(id, value);
        else expected.delete(id);
      }
      expect(book.size).toBe(expected.size);
      expect(new Map(all(book).map(({ id, value }) => [id, value]))).toEqual(expected);
    }),
  );
});
