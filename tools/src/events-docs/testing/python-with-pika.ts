import type { DebianSource } from '../../stack/private-apt.ts';
import { argvBelow, ensureUnpacked } from '../../stack/unpack-debian.ts';

const PYTHON = 'usr/bin/python3';

/** A Python that has pika, from Debian's packages: the machine's own may have none.
 *  @returns the command line before the script's name
 *  @throws StackError when it cannot be fetched */
export async function pythonWithPika(source: DebianSource): Promise<string[]> {
  const wanted = {
    title: 'Python with pika',
    package: 'python3-pika',
    probe: (root: string) => argvBelow(root, PYTHON, '-c', 'import pika, ssl, sys; sys.exit(not pika.__file__.startswith(sys.argv[1]))', root),
    instead: 'it is needed to try docs/events/consumer.py; connect to the Debian mirror and try again',
  };
  return argvBelow(await ensureUnpacked(source, wanted, () => undefined), PYTHON);
}
