import { join } from 'node:path';
import { build } from '../build/main.ts';
import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { down, up, type StackStatus, type UpOptions } from '../stack/stack.ts';

/** Runs `work` with a stack of its own, apart from the one of `npm start`, and takes it down afterwards.
 *  @param options what to bring up; null: nothing, the tests bring up what they need in DISCADOR_HOME */
export async function withTestStack<T>(options: UpOptions | null, work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const homeDir = process.env['DISCADOR_TEST_HOME'] ?? join(REPO_ROOT, '.discador', 'test');
  const config = readConfig({ ...process.env, DISCADOR_HOME: homeDir });
  await build();
  const began = Date.now();
  try {
    const env = options ? environmentOf(await up({ ...options, build: false }, () => undefined, config)) : {};
    process.stdout.write(`test servers ${options ? 'up' : 'prepared'} in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
    return await work({ ...env, DISCADOR_HOME: homeDir });
  } finally {
    await down(() => undefined, config);
  }
}

export function environmentOf(status: StackStatus): Record<string, string> {
  const pbx = status.pbx[0];
  return {
    DATABASE_URL: status.postgresUrl ?? '',
    REDIS_URL: status.redisUrl ?? '',
    AMQP_URL: status.amqpUrl ?? '',
    AMQP_MANAGEMENT_URL: status.amqpManagement ?? '',
    AMI_URL: pbx?.amiUrl ?? '',
    ARI_URL: pbx?.ariUrl ?? '',
    PBX_NAME: pbx?.name ?? '',
  };
}
