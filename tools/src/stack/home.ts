import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const REPO_ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** Where one stack keeps its things. `data` holds what the servers write, as an account that may not be ours. */
export type Home = {
  dir: string;
  logDir: string;
  binDir: string;
  desiredFile: string;
  stateFile: string;
  portsFile: string;
  secretsFile: string;
  commandLock: string;
  pbxDir: (name: string) => string;
};

/** The layout of the stack under `dir`; creates nothing. */
export function homeAt(dir: string): Home {
  return {
    dir,
    logDir: join(dir, 'log'),
    binDir: join(dir, 'bin'),
    desiredFile: join(dir, 'desired.json'),
    stateFile: join(dir, 'state.json'),
    portsFile: join(dir, 'ports.json'),
    secretsFile: join(dir, 'secrets.json'),
    commandLock: join(dir, 'command.lock'),
    pbxDir: (name) => join(dir, 'pbx', name),
  };
}

/** A short name for a home that is safe in folder names and process environments. */
export const homeMark = (dir: string): string => createHash('sha256').update(dir).digest('hex').slice(0, 16);

/** Replaces `file` in one step: a reader sees the old content or the new, never half. */
export function writeJson(file: string, value: unknown, mode = 0o600): void {
  const half = `${file}.${process.pid}.new`;
  writeFileSync(half, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(half, file);
}

/** @returns undefined when the file is missing, broken or of another shape: whoever needs it then starts afresh */
export function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

const secretsSchema = z.object({
  postgres: z.string(),
  rabbitmqCookie: z.string(),
  amiDialer: z.string(),
  amiMonitor: z.string(),
  ariObserver: z.string(),
  sipAgent: z.string(),
});

export type Secrets = z.infer<typeof secretsSchema>;

/** The secrets of this home, made at the first call and kept (mode 0600) for as long as its data. */
export function ensureSecrets(home: Home): Secrets {
  const kept = readJson(home.secretsFile, secretsSchema);
  if (kept) return kept;
  const made = Object.fromEntries(Object.keys(secretsSchema.shape).map((name) => [name, randomBytes(18).toString('hex')]));
  writeJson(home.secretsFile, made);
  return secretsSchema.parse(made);
}

/** Creates the folders of the home that belong to us. */
export function ensureHome(home: Home): void {
  for (const dir of [home.dir, home.logDir, home.binDir]) if (!existsSync(dir)) mkdirSync(dir, { recursive: true });
}
