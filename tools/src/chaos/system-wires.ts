import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import type { StackConfig } from '../stack/config.ts';
import type { StackStatus } from '../stack/stack.ts';
import { portsTo } from './process-tree.ts';
import type { Server } from './types.ts';

/** A firewall forgets, a kernel gives up: a connection that was frozen ends this much later. */
const FROZEN_MS = 40_000;

type WireName = 'database' | 'redis' | 'amqp' | 'ami' | 'ari';
const OF_SERVER: Record<Server, readonly WireName[]> = { postgres: ['database'], redis: ['redis'], rabbitmq: ['amqp'], asterisk: ['ami', 'ari'] };

/** Between our services and the servers lie proxies: whose connection is whose is read from /proc. */
export class SystemWires {
  readonly #proxies = new Map<WireName, TcpProxy>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Opens a proxy before each server of a stack. @returns what `up` must be told, so that the services go through them */
  async open(servers: StackStatus): Promise<StackConfig['given']> {
    const pbx = servers.pbx[0];
    const { postgresUrl, redisUrl, amqpUrl } = servers;
    if (!pbx || !postgresUrl || !redisUrl || !amqpUrl) throw new Error('the servers do not run');
    const through = async (name: WireName, url: string): Promise<string> => {
      const proxy = new TcpProxy(url);
      this.#proxies.set(name, proxy);
      return proxy.open(url);
    };
    return {
      database: await through('database', postgresUrl),
      redis: await through('redis', redisUrl),
      amqp: await through('amqp', amqpUrl),
      ami: await through('ami', pbx.amiUrl),
      ari: await through('ari', pbx.ariUrl),
    };
  }

  /** Cuts the connections to a server, of one process or of all. @returns how many */
  cut(server: Server, pid: number | null): number {
    return this.#each(server, pid, (proxy, which) => proxy.cut(which));
  }

  /** Makes them half-open: both ends believe in them, nothing gets through; what is opened afterwards works. */
  freeze(server: Server, pid: number | null): number {
    return this.#each(server, pid, (proxy, which) => {
      const timer = setTimeout(() => void proxy.cut(which), FROZEN_MS);
      this.#timers.add(timer);
      return proxy.freeze(which);
    });
  }

  /** What the process sends to the PBX's manager arrives `ms` late, from now on and until it connects anew. */
  delay(ms: number, pid: number): number {
    return this.#each('asterisk', pid, (proxy, which) => proxy.delay(ms, which), ['ami']);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
  }

  #each(server: Server, pid: number | null, work: (proxy: TcpProxy, which: (port: number) => boolean) => number, names = OF_SERVER[server]): number {
    return names.reduce((sum, name) => {
      const proxy = this.#proxies.get(name);
      if (!proxy) return sum;
      const ports = pid === null ? null : portsTo(pid, proxy.port);
      const before = proxy.clientPorts();
      return sum + work(proxy, (port) => before.has(port) && (ports === null || ports.has(port)));
    }, 0);
  }
}
