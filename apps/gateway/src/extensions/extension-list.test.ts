import type { Extension } from '@discador/postgres/entities/extension';
import { extensionList } from './extension-list.ts';

const extension = (registered: boolean, line1Busy: boolean, line2Busy: boolean): Extension => ({
  pbx: 'pbx1', number: '1001', name: '', registered, line1Busy, line2Busy, lastActivityAt: null, updatedAt: new Date(0),
});

test('available is registered with one line free; busy is any line', () => {
  const list = extensionList([extension(true, false, false), extension(true, true, false), extension(true, true, true), extension(false, true, false)]);
  expect(list.items.map((item) => item.available)).toEqual([true, true, false, false]);
  expect(list.totals).toEqual({ total: 4, registered: 3, available: 2, busy: 3 });
  expect(extensionList([]).totals).toEqual({ total: 0, registered: 0, available: 0, busy: 0 });
});
