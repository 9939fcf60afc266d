import { z } from 'zod';
import { envelopes, instant, milliseconds, pbxName } from './envelope.ts';

/** Where the people are: agents, the queues they serve and the extensions they use. Told by the MonitoringWorker, from AMI. */

export const AGENT_STATUSES = ['idle', 'ringing', 'busy', 'paused', 'wrap_up', 'unavailable'] as const;
export const EXTENSION_STATUSES = ['idle', 'ringing', 'in_use', 'busy', 'unavailable'] as const;

const agent = z.object({
  /** the member's interface, e.g. `PJSIP/1001` */
  agent: z.string().min(1).max(80),
  queue: z.string().min(1).max(80),
});

const caller = z.object({
  queue: z.string().min(1).max(80),
  /** as in call events: of our calls the attempt id */
  callId: z.string().min(1).max(150),
});

const dataByType = {
  'agent.loggedin': agent,
  'agent.loggedout': agent,
  'agent.paused': agent.extend({ reason: z.string().max(80) }),
  'agent.unpaused': agent,
  /** Its status in this queue has changed. */
  'agent.status': agent.extend({ status: z.enum(AGENT_STATUSES), before: z.enum(AGENT_STATUSES) }),
  'queue.joined': caller.extend({ waiting: z.int().min(0) }),
  /** An agent took the caller. */
  'queue.connected': caller.extend({ agent: z.string().min(1).max(80), waitMs: milliseconds }),
  /** The caller hung up while waiting. */
  'queue.abandoned': caller.extend({ waitMs: milliseconds }),
  /** The talk with the agent has ended. */
  'queue.completed': caller.extend({ agent: z.string().min(1).max(80), talkMs: milliseconds }),
  'extension.status': z.object({
    extension: z.string().min(1).max(40),
    status: z.enum(EXTENSION_STATUSES),
    before: z.enum(EXTENSION_STATUSES),
    at: instant,
  }),
} as const;

export type DeskEventType = keyof typeof dataByType;

const extensions = {
  pbx: pbxName,
  attemptid: z.uuid().optional(),
  /** true: concluded from a look at the PBX, not seen when it happened; its times are then those of the look */
  inferred: z.boolean().optional(),
};

export const deskEventSchemas = envelopes(dataByType, extensions);

export type DeskEvent<T extends DeskEventType = DeskEventType> = z.infer<(typeof deskEventSchemas)[T]>;
export type DeskEventData<T extends DeskEventType = DeskEventType> = z.infer<(typeof dataByType)[T]>;
