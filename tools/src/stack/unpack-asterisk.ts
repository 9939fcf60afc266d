import { asteriskArgv } from './pbx-processes.ts';
import type { Report } from './report.ts';
import type { DebianSource } from './private-apt.ts';
import { ensureUnpacked, type Unpacked } from './unpack-debian.ts';

const ASTERISK: Unpacked = {
  title: 'Asterisk',
  package: 'asterisk',
  probe: (root) => [...asteriskArgv(root, '/nonexistent').slice(0, 4), '-V'],
  instead: 'give a running one with AMI_URL=tcp://user:secret@host:5038 ARI_URL=http://user:secret@host:8088',
};

/** A real Asterisk from Debian's packages of `suite`, unpacked into the cache without root; shared by all homes.
 *  @returns the folder that stands for its `/`
 *  @throws StackError (69) in one sentence: what is missing and how to give a PBX by its URLs */
export function ensureAsterisk(source: DebianSource, report: Report): Promise<string> {
  return ensureUnpacked(source, ASTERISK, report);
}
