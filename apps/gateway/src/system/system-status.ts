import type { PbxState, ReplicaStatus, ServerState, SystemStatus } from '@discador/contracts/http/system';
import type { ReplicaLive } from '@discador/contracts/live';
import { serviceStatusSchema } from '@discador/contracts/service-status';

export const MASTER = 'discador-master';
export const WORKER = 'campaign-worker';

/** What is known of a replica: its own answer, or its last heartbeat when it gave none that can be understood. */
export function replicaStatus(replica: ReplicaLive, answer: unknown, timeoutMs: number, now: number): ReplicaStatus {
  const { app, replica: name, pid, startedAt } = replica;
  const parsed = serviceStatusSchema.safeParse(answer);
  if (parsed.success) return { ...parsed.data, startedAt, answered: true };
  const uptimeSec = Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000));
  const waitingFor = [`no answer within ${timeoutMs / 1000} s`];
  return { app, replica: name, pid, uptimeSec, ready: false, waitingFor, details: {}, startedAt, answered: false };
}

/** The state of each server out of what the gateway waits for: lines such as `redis: connection lost`. */
export function serverStates(names: readonly string[], waitingFor: readonly string[]): ServerState[] {
  return names.map((name) => {
    const line = waitingFor.find((entry) => entry.startsWith(`${name}: `));
    return { name, up: line === undefined, reason: line?.slice(name.length + 2) ?? null };
  });
}

/** The whole picture. `replicas` is undefined when it could not be found out who lives. */
export function systemStatus(seen: { now: number; servers: ServerState[]; pbxs: PbxState[]; replicas: ReplicaStatus[] | undefined }): SystemStatus {
  const replicas = seen.replicas ?? [];
  const leader = replicas.find((replica) => replica.app === MASTER && replica.leader === true);
  const ready = seen.servers.every((server) => server.up) && replicas.every((replica) => replica.ready) && leader !== undefined;
  const note = leader ? (leader.note ?? null) : whyNobodyLeads(seen.replicas);
  return { at: new Date(seen.now).toISOString(), ready, leader: leader?.replica ?? null, note, servers: seen.servers, pbxs: seen.pbxs, replicas };
}

function whyNobodyLeads(replicas: ReplicaStatus[] | undefined): string {
  if (!replicas) return 'Redis is away: it is not known which replicas live';
  const masters = replicas.filter((replica) => replica.app === MASTER);
  if (masters.length === 0) return 'nothing is dialled: no master is running';
  const reason = masters.find((master) => master.note !== undefined)?.note ?? masters.flatMap((master) => master.waitingFor)[0];
  return `nothing is dialled: no master leads${reason === undefined ? '' : ` (${reason})`}`;
}
