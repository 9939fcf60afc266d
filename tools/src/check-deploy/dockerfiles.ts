import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './kube-object.ts';

interface Instruction {
  name: string;
  rest: string;
}

/** The instructions of a Dockerfile, with continued lines joined and comments left out. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => {
    const [, name = '', rest = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    return { name: name.toUpperCase(), rest: rest.trim() };
  });
}

const LABELS = ['title', 'description', 'version', 'revision', 'source', 'licenses', 'base.name'];

/** What an image of ours must be, as far as its Dockerfile tells: of bases that stay what they are, not root, told by SIGTERM, with a health check.
 *  @param context  folder that files are copied from */
export function checkDockerfile(at: string, text: string, context: string): Finding[] {
  const instructions = parseDockerfile(text);
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const of = (name: string): string[] => last.filter((one) => one.name === name).map(({ rest }) => rest);
  const missing = ['USER', 'ENTRYPOINT', 'HEALTHCHECK', 'STOPSIGNAL'].filter((name) => of(name).length === 0).map((name) => `has no ${name} in its last stage`);
  const says = [
    ...(/^#\s*syntax=/m.test(text) ? ['has a syntax line: another builder would have to be fetched'] : []),
    ...bases(instructions),
    ...missing,
    ...of('USER').filter((user) => !/^[1-9]\d*:[1-9]\d*$/.test(user)).map((user) => `runs as ${user}: it must be a number, so that runAsNonRoot can be checked, and not 0`),
    ...[...of('ENTRYPOINT'), ...of('CMD')].filter((command) => !command.startsWith('[')).map((command) => `starts ${command} through a shell, which keeps SIGTERM to itself`),
    ...of('HEALTHCHECK').filter((check) => !/CMD \[/.test(check)).map(() => 'has a health check that needs a shell'),
    ...LABELS.filter((label) => !of('LABEL').some((rest) => rest.includes(`org.opencontainers.image.${label}=`))).map((label) => `has no label org.opencontainers.image.${label}`),
    ...copied(instructions).filter((path) => !existsSync(join(context, path))).map((path) => `copies ${path}, which is not there`),
    ...unchecked(instructions),
  ];
  return says.map((one) => ({ at, says: one }));
}

function bases(instructions: Instruction[]): string[] {
  const from = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest));
  const stages = new Set(from.map((one) => one?.[2]));
  const outside = from.map((one) => one?.[1] ?? '').filter((image) => image !== 'scratch' && !stages.has(image));
  return [...new Set(outside)].filter((image) => !/:[\w.-]*\d+[\w.-]*\d{2,}[\w.-]*(@sha256:[0-9a-f]{64})?$/.test(image)).map((image) => `stands on ${image}, which is another one tomorrow`);
}

/** Sources in the context; those of other stages and wildcards are left to the builder. */
function copied(instructions: Instruction[]): string[] {
  return instructions
    .filter(({ name, rest }) => (name === 'COPY' || name === 'ADD') && !rest.includes('--from='))
    .flatMap(({ rest }) => rest.split(/\s+/).filter((part) => !part.startsWith('--')).slice(0, -1));
}

function unchecked(instructions: Instruction[]): string[] {
  const runs = instructions.filter(({ name }) => name === 'RUN').map(({ rest }) => rest);
  return [
    ...runs.filter((run) => /\b(curl|wget)\b.*https?:|\bcurl -/.test(run) && !/sha256sum --check/.test(run)).map(() => 'fetches something whose checksum it does not look at'),
    ...runs.filter((run) => /\bnpm (install|i)\b/.test(run)).map(() => 'installs packages that no lock file names (npm ci does)'),
    ...runs.filter((run) => /apt-get install/.test(run) && !/--no-install-recommends/.test(run)).map(() => 'installs what packages only recommend'),
  ];
}
