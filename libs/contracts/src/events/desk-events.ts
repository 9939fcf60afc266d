import { z } from 'zod';
import { envelopes, instant, milliseconds, pbxName } from './envelope.ts';

/** Where the people are: agents, the queues they serve and the extensions they use. Told by the MonitoringWorker, from AMI. */

export const AGENT_STATUSES = ['idle', 'ringing', 'busy', 'paused', 'wrap_up', 'unavailable'] as const;
export const EXTENSION_STATUSES = ['idle', 'ringing', 'in_use', 'busy', 'unavailable'] as const;

const agentName = z.string().min(1).max(80).describe('The queue member’s interface, e.g. `PJSIP/1001`.');
const queueName = z.string().min(1).max(80).describe('Name of the queue.');
const agentStatus = z.enum(AGENT_STATUSES);
const extensionStatus = z.enum(EXTENSION_STATUSES);

const agent = z.object({
  agent: agentName,
  queue: queueName,
});

const caller = z.object({
  queue: queueName,
  callId: z.string().min(1).max(150).describe('As in call events: of our calls the attempt id.'),
});

const dataByType = {
  'agent.loggedin': agent.describe('An agent serves this queue from now on.'),
  'agent.loggedout': agent.describe('An agent has left this queue.'),
  'agent.paused': agent.extend({ reason: z.string().max(80).describe('As the agent gave it; may be empty.') }).describe('An agent takes no calls of this queue for now.'),
  'agent.unpaused': agent.describe('An agent takes calls of this queue again.'),
  'agent.status': agent
    .extend({ status: agentStatus.describe('From now on.'), before: agentStatus.describe('Until now.') })
    .describe('An agent’s status in this queue has changed.'),
  'queue.joined': caller.extend({ waiting: z.int().min(0).describe('Callers in the queue, this one included.') }).describe('A caller waits in a queue.'),
  'queue.connected': caller
    .extend({ agent: agentName, waitMs: milliseconds.describe('From joining the queue to the agent.') })
    .describe('An agent has taken the caller.'),
  'queue.abandoned': caller.extend({ waitMs: milliseconds.describe('From joining the queue to hanging up.') }).describe('The caller hung up while waiting.'),
  'queue.completed': caller
    .extend({ agent: agentName, talkMs: milliseconds.describe('From the agent to the end.') })
    .describe('The talk with the agent has ended.'),
  'extension.status': z
    .object({
      extension: z.string().min(1).max(40).describe('Number of the extension.'),
      status: extensionStatus.describe('From now on.'),
      before: extensionStatus.describe('Until now.'),
      at: instant.describe('When it changed, by the PBX’s clock.'),
    })
    .describe('The status of an extension has changed.'),
} as const;

export type DeskEventType = keyof typeof dataByType;

const extensions = {
  pbx: pbxName,
  attemptid: z.uuid().optional().describe('Attempt of the ledger, when the caller is one of our calls.'),
  inferred: z.boolean().optional().describe('True: concluded from a look at the PBX, not seen when it happened; its times are then those of the look.'),
};

export const deskEventSchemas = envelopes(dataByType, extensions);

export type DeskEvent<T extends DeskEventType = DeskEventType> = z.infer<(typeof deskEventSchemas)[T]>;
export type DeskEventData<T extends DeskEventType = DeskEventType> = z.infer<(typeof dataByType)[T]>;
