/** Waits for `work`, at most `ms`.
 *  @returns whether it has ended; when not, it goes on and what it says later does not matter
 *  @throws what `work` throws in time */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
