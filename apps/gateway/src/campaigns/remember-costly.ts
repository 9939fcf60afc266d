const MAX_KEYS = 1000;

interface Entry<T> {
  value: Promise<T>;
  /** 0 while it is being worked out */
  until: number;
}

/** Repeats a costly answer for `factor` times as long as it took to find, so that asking costs at most a share of 1 / factor of the
 *  time, however often and by however many it is asked. Those who ask while it is worked out get the same answer. Failures are
 *  not kept.
 *  @param factor e.g. 10: an answer that took 200 ms is good for 2 s, one that took 2 ms for 20 ms
 *  @param clock milliseconds */
export function rememberCostly<T>(find: (key: string) => Promise<T>, factor: number, clock: () => number = () => performance.now()): (key: string) => Promise<T> {
  const entries = new Map<string, Entry<T>>();
  const begin = (key: string): Promise<T> => {
    const startedAt = clock();
    const entry: Entry<T> = { value: find(key), until: 0 };
    if (entries.size >= MAX_KEYS) entries.clear();
    entries.set(key, entry);
    entry.value.then(
      () => {
        const endedAt = clock();
        entry.until = endedAt + (endedAt - startedAt) * factor;
      },
      () => entries.delete(key),
    );
    return entry.value;
  };
  return (key) => {
    const entry = entries.get(key);
    return entry && (entry.until === 0 || clock() < entry.until) ? entry.value : begin(key);
  };
}
