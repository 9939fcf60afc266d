import { createHash } from 'node:crypto';

export const BLOCK_SIZE = 100;
export const FIRST_BASE = 20_000;
const LAST_BASE = 31_900; // below 32768, where Linux hands out ports for outgoing connections

/** Offsets in the block; 0 is the supervisor's own port, which proves that it lives. */
export const OFFSET = { supervisor: 0, postgres: 1, redis: 2, amqp: 3, amqpDist: 4, epmd: 5, amqpManagement: 6, gateway: 7 } as const;

/** First port and number of ports of each service's replicas. */
const SERVICE_PORTS = {
  gateway: { first: OFFSET.gateway, count: 1 },
  'discador-master': { first: 40, count: 5 },
  'campaign-worker': { first: 45, count: 20 },
  'ari-monitor': { first: 65, count: 15 },
  'monitoring-worker': { first: 80, count: 10 },
  'record-shipper': { first: 90, count: 10 },
} as const;

export type ServiceName = keyof typeof SERVICE_PORTS;
export const SERVICE_NAMES = Object.keys(SERVICE_PORTS) as ServiceName[];
export const MAX_PBX = 10;

/** The first port of the block that a home at `dir` asks for first: the same at every run, different per folder. */
export function preferredBase(dir: string): number {
  const blocks = (LAST_BASE - FIRST_BASE) / BLOCK_SIZE + 1;
  return FIRST_BASE + (createHash('sha256').update(dir).digest().readUInt32BE(0) % blocks) * BLOCK_SIZE;
}

/** The block after `base`, from the last one back to the first. */
export const nextBase = (base: number): number => (base + BLOCK_SIZE > LAST_BASE ? FIRST_BASE : base + BLOCK_SIZE);

export type PbxPorts = { ami: number; ari: number; sip: number };

/** @param index 1 to MAX_PBX */
export function pbxPorts(base: number, index: number): PbxPorts {
  const first = base + 10 + (index - 1) * 3;
  return { ami: first, ari: first + 1, sip: first + 2 };
}

/** @param replica 1 to `maxReplicas(name)` */
export const servicePort = (base: number, name: ServiceName, replica: number): number => base + SERVICE_PORTS[name].first + replica - 1;

/** How many replicas of a service the block has ports for. */
export const maxReplicas = (name: ServiceName): number => SERVICE_PORTS[name].count;
