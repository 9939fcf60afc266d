import Table from 'cli-table3';
import pc from 'picocolors';
import type { StackStatus } from './status.ts';

/** The status for people. */
export function statusTable(status: StackStatus): string {
  if (!status.running) return [`The stack in ${status.home} does not run.`, ...status.problems].join('\n');
  const table = new Table({ head: ['what', 'pid', 'state', 'restarts', 'where'], style: { head: [], border: [] } });
  for (const { name, pid, ready, restarts, given } of status.servers) table.push([name, shown(pid), stateOf(ready), restarts, given ? 'given' : addressOf(status, name)]);
  for (const { name, pid, ready, restarts, amiUrl, ariUrl } of status.pbx) table.push([name, shown(pid), stateOf(ready), restarts, `AMI ${hostOf(amiUrl)}, ARI ${hostOf(ariUrl)}`]);
  for (const one of status.services) {
    const about = [one.leader && !one.note ? 'leads' : '', one.waitingFor.length > 0 ? `waits for ${one.waitingFor.join(', ')}` : '', one.note ?? ''];
    const where = [hostOf(one.healthUrl), ...about].filter(Boolean).join(', ');
    table.push([`${one.name} ${one.replica}`, shown(one.pid), stateOf(one.ready), one.restarts, where]);
  }
  return [...status.problems.map((problem) => pc.red(problem)), table.toString(), `API ${status.apiUrl} · logs ${status.logDir}`].join('\n');
}

const shown = (pid: number | null): string => (pid === null ? '–' : String(pid));
const stateOf = (ready: boolean): string => (ready ? pc.green('ready') : pc.red('not ready'));
const hostOf = (url: string | null): string => (url ? new URL(url).host : '–');

function addressOf(status: StackStatus, name: StackStatus['servers'][number]['name']): string {
  return hostOf({ postgres: status.postgresUrl, redis: status.redisUrl, rabbitmq: status.amqpUrl }[name]);
}
