import { z } from 'zod';

/** What the MonitoringWorker keeps in Redis per PBX and queue, replaced as a whole at each change and at least every second. */
export const queueLiveSchema = z.object({
  pbx: z.string(),
  queue: z.string(),
  /** epoch milliseconds at which the PBX last confirmed these numbers */
  at: z.number(),
  agents: z.object({
    loggedIn: z.number().int(),
    idle: z.number().int(),
    /** ringing or talking */
    busy: z.number().int(),
    paused: z.number().int(),
    wrapUp: z.number().int(),
  }),
  /** answered callers with no agent yet */
  waiting: z.number().int(),
  /** campaign calls that talk to an agent right now */
  connected: z.number().int(),
});

export type QueueLive = z.infer<typeof queueLiveSchema>;

/** Hash of queue name → QueueLive, one per PBX. */
export function queuesLiveKey(pbx: string): string {
  return `discador:live:queues:${pbx}`;
}

/** Until when (epoch milliseconds) some monitor has seen a PBX's events and published them. No end of life: how long nobody looked is
 *  known after a night too. */
export function pbxObservedKey(pbx: string): string {
  return `discador:live:pbx:${pbx}:observed`;
}

/** `connected` or `disconnected`: what was last told of a PBX by an event. */
export function pbxToldKey(pbx: string): string {
  return `discador:live:pbx:${pbx}:told`;
}

/** What each service replica says of itself, every second, gone 5 s after its last word: key per replica. */
export const replicaLiveSchema = z.object({
  app: z.string(),
  replica: z.string(),
  pid: z.number().int(),
  startedAt: z.string(),
  at: z.number(),
  /** RabbitMQ queue that answers requests to this replica */
  rpcQueue: z.string(),
});

export type ReplicaLive = z.infer<typeof replicaLiveSchema>;

export function replicaLiveKey(app: string, replica: string): string {
  return `discador:live:replica:${app}:${replica}`;
}
