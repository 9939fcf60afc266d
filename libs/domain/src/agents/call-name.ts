import type { AmiEvent } from './ami-event.ts';

/** A call as the events of all parts name it. */
export interface CallName {
  /** of our calls the attempt id; of others the id of the channel that began it */
  callId: string;
  /** null for a call that we did not place */
  attemptId: string | null;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const ATTEMPT_CHANNEL = new RegExp(`^(${UUID});1$`, 'i');
const ATTEMPT_VARIABLE = new RegExp(`^ATTEMPT_ID=(${UUID})$`, 'i');

/** The call of the caller's channel that an event names. */
export function callNameOf(event: AmiEvent): CallName {
  const { Uniqueid: channel = '', Linkedid: first = channel, ChanVariable: variable = '' } = event;
  const attemptId = (ATTEMPT_CHANNEL.exec(channel) ?? ATTEMPT_VARIABLE.exec(variable))?.[1] ?? null;
  return { callId: attemptId ?? first, attemptId };
}
