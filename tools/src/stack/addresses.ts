import type { Desired } from './desired.ts';
import type { Secrets } from './home.ts';
import { OFFSET, pbxPorts } from './port-block.ts';

export const HOST = '127.0.0.1';
const BROKER_LOGIN = 'discador';

/** The addresses of our own servers in the block at `base`. */
export function ownUrls(base: number, secrets: Secrets): { database: string; redis: string; amqp: string; amqpManagement: string } {
  return {
    database: `postgres://discador:${secrets.postgres}@${HOST}:${base + OFFSET.postgres}/discador`,
    redis: `redis://${HOST}:${base + OFFSET.redis}`,
    amqp: `amqp://${BROKER_LOGIN}:${BROKER_LOGIN}@${HOST}:${base + OFFSET.amqp}`,
    amqpManagement: `http://${BROKER_LOGIN}:${BROKER_LOGIN}@${HOST}:${base + OFFSET.amqpManagement}`,
  };
}

export const BROKER = { user: BROKER_LOGIN, password: BROKER_LOGIN };

export type PbxAddress = { name: string; amiDialerUrl: string; amiMonitorUrl: string; ariUrl: string };

export const pbxName = (index: number): string => `pbx${index}`;

/** The addresses of a PBX as our services reach it: its own, or those given in the environment (a proxy before it, a PBX
 *  elsewhere). When the given AMI address carries the dialer's secret of this home, the monitor gets its own user on it.
 *  @param index 1-based */
export function pbxAddress(desired: Desired, secrets: Secrets, index: number): PbxAddress {
  const ports = pbxPorts(desired.portBase, index);
  const own = {
    name: pbxName(index),
    amiDialerUrl: `tcp://dialer:${secrets.amiDialer}@${HOST}:${ports.ami}`,
    amiMonitorUrl: `tcp://monitor:${secrets.amiMonitor}@${HOST}:${ports.ami}`,
    ariUrl: `http://observer:${secrets.ariObserver}@${HOST}:${ports.ari}`,
  };
  const { ami, ari } = desired.urls;
  if (!ami || !ari || index > 1) return own;
  const given = new URL(ami);
  const ourUser = given.password === secrets.amiDialer;
  return {
    ...own,
    amiDialerUrl: ami,
    amiMonitorUrl: ourUser ? `tcp://monitor:${secrets.amiMonitor}@${given.host}` : ami,
    ariUrl: ari,
  };
}

/** How many PBXs the services work with: ours, or the one that was given. */
export const pbxCount = (desired: Desired): number => Math.max(desired.pbx, desired.urls.ami ? 1 : 0);
