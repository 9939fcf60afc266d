import type { DeskEvent } from '@discador/contracts/events/desk-events';
import { eventId } from '@discador/contracts/events/envelope';
import type { EventType } from '@discador/contracts/events/catalogue';
import type { DeskEffect } from '@discador/domain/agents/desk-effect';

/** What happened to an agent, a caller or an extension, as the CloudEvent that the bus carries. The id is made of PBX, what happened to whom in
 *  which queue, and the occasion, which the PBX's own time stamp gives: another replica that heard the same, or this one again, gives the same. */
export function deskCloudEvent(pbx: string, { type, data, attemptId, atMs, occasion, inferred }: DeskEffect): DeskEvent {
  const subject = 'callId' in data ? data.callId : 'agent' in data ? data.agent : data.extension;
  const queue = 'queue' in data ? data.queue : '';
  const status = 'status' in data ? data.status : '';
  return {
    specversion: '1.0',
    id: eventId(pbx, type, subject, queue, status, occasion),
    source: `discador:pbx:${pbx}`,
    type,
    subject: subject.slice(0, 150),
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    pbx,
    ...(attemptId === null ? {} : { attemptid: attemptId }),
    ...(inferred ? { inferred } : {}),
    data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, clip(name, value)])),
  } as DeskEvent;
}

/** Names and reasons are people's; the contract bounds them. */
function clip(name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, name === 'callId' ? 150 : 80) : value;
}

/** When there is no room: statuses go first, the next one makes up for them; callers in queues last. */
export function rankOfDeskEvent(type: EventType): number {
  if (type === 'agent.status') return 0;
  return type.startsWith('queue.') ? 2 : 1;
}
