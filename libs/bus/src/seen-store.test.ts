import { MemorySeenStore } from './seen-store.ts';

const seenOf = async (store: MemorySeenStore, ...ids: string[]): Promise<string[]> => [...(await store.seen(ids))];

test('knows what was marked, and nothing else', async () => {
  const store = new MemorySeenStore();
  await store.mark(['a', 'b']);
  expect(await seenOf(store, 'a', 'b', 'c')).toEqual(['a', 'b']);
  expect(await seenOf(store)).toEqual([]);
});

test('forgets the oldest when there are too many; marked again is young again', async () => {
  const store = new MemorySeenStore({ maxIds: 3 });
  await store.mark(['a', 'b', 'c']);
  await store.mark(['a']);
  await store.mark(['d', 'e']);
  expect(await seenOf(store, 'a', 'b', 'c', 'd', 'e')).toEqual(['a', 'd', 'e']);
});

test('forgets what is old', async () => {
  let now = 0;
  const store = new MemorySeenStore({ maxAgeMs: 100, now: () => now });
  await store.mark(['a']);
  now = 50;
  await store.mark(['b']);
  now = 100;
  expect(await seenOf(store, 'a', 'b')).toEqual(['b']);
});
