/** What stands for a cluster's servers here. */
export interface LocalServers {
  postgres: string;
  redis: string;
  amqp: string;
  amiDialer: string;
  amiMonitor: string;
  ari: string;
  gateway: string;
}

/** Rewrites a container's environment for this machine: addresses of servers, with their logins, become those of the local stack; paths below a
 *  mounted volume become paths below the folder that stands for it. Everything else stays as it was rendered.
 *  @param mounts  mount path → local folder */
export function toLocal(env: Readonly<Record<string, string>>, servers: LocalServers, mounts: ReadonlyMap<string, string>): Record<string, string> {
  const rewrite = (value: string): string => {
    if (value.startsWith('/')) return localPath(value, mounts);
    return value.split(',').map((part) => localAddress(part, servers) ?? part).join(',');
  };
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, rewrite(value)]));
}

export function localPath(path: string, mounts: ReadonlyMap<string, string>): string {
  const mount = [...mounts].find(([mountPath]) => path === mountPath || path.startsWith(`${mountPath}/`));
  return mount ? mount[1] + path.slice(mount[0].length) : path;
}

function localAddress(value: string, servers: LocalServers): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const { protocol, username, pathname } = new URL(value);
  if (/^postgres(ql)?:$/.test(protocol)) return servers.postgres;
  if (/^rediss?:$/.test(protocol)) return servers.redis;
  if (/^amqps?:$/.test(protocol)) return servers.amqp;
  if (protocol === 'tcp:') return username === 'dialer' ? servers.amiDialer : servers.amiMonitor;
  if (protocol === 'http:' && username === 'observer') return servers.ari;
  if (protocol === 'http:' && username === '') return servers.gateway + (pathname === '/' ? '' : pathname);
  return undefined;
}
