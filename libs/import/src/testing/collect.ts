/** Everything that a stream gives, in order. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

/** A stream of exactly these values. */
export async function* streamOf<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}
