import { join } from 'node:path';
import { build } from '../build/main.ts';
import { installFor } from '../stack/bring-up.ts';
import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr } from '../stack/report.ts';
import { down, up, type StackStatus, type UpOptions } from '../stack/stack.ts';

/** What all test stacks share, made before the first of them is brought up: two that came up beside each other would both install it. */
export async function prepareTestStacks(): Promise<void> {
  await build();
  await installFor({}, reportToStderr, readConfig());
}

/** Runs `work` with a stack of its own, apart from the one of `npm start`, and takes it down afterwards.
 *  @param lane tells apart stacks that run beside each other, from 1
 *  @param options what to bring up; null: nothing, the tests bring up what they need in DISCADOR_HOME */
export async function withTestStack<T>(lane: number, options: UpOptions | null, work: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const home = process.env['DISCADOR_TEST_HOME'] ?? join(REPO_ROOT, '.discador', 'test');
  const homeDir = lane === 1 ? home : `${home}-${lane}`;
  const config = readConfig({ ...process.env, DISCADOR_HOME: homeDir });
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
