import { Redis } from 'ioredis';

/** A client on an emptied logical database of the test server, one number per test file. */
export async function testRedis(database: number): Promise<Redis> {
  const url = process.env['REDIS_URL'];
  if (!url) throw new Error('REDIS_URL is not set: run the tests with npm run test:it, which starts the stack');
  const redis = new Redis(url, { db: database });
  await redis.flushdb();
  return redis;
}
