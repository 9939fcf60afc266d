import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOST } from '../stack/addresses.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { installPackages, onPath } from '../stack/packages.ts';

/** A line of the carrier's own log (contract 6). */
export interface Invite {
  at: number;
  number: string;
  callId: string;
}

export interface SippCarrier {
  /** every INVITE that arrived until now */
  invites(): Invite[];
  stop(): Promise<void>;
}

/** Runs SIPp as the carrier on `port`, media on the one after; installs it when it is missing.
 *  @throws in one sentence when it cannot be installed */
export async function startSippCarrier(port: number): Promise<SippCarrier> {
  if (!onPath('sipp')) {
    const failure = await installPackages(['sip-tester']);
    if (failure) throw new Error(`SIPp (Debian: sip-tester) missing, and ${failure.why}\n${failure.details}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'discador-sipp-'));
  const log = join(folder, 'invites.ndjson');
  const scenario = join(REPO_ROOT, 'asterisk/sipp/carrier.xml');
  const args = ['-sf', scenario, '-i', HOST, '-p', String(port), '-mp', String(port + 1), '-nostdin', '-trace_logs', '-log_file', log];
  const child = spawn(onPath('sipp') ?? 'sipp', args, { cwd: folder, stdio: 'ignore', env: { TERM: 'dumb' } });
  const ended = new Promise((resolve) => child.on('close', resolve));
  return {
    invites: () => readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Invite),
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
