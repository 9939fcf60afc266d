import type { AmiConnection } from '@discador/asterisk/ami/ami-connection';
import { DiscadorError } from '@discador/contracts/discador-error';
import { v4 as uuidv4 } from 'uuid';

const LIST_TIMEOUT_MS = 10_000;

/** Asks for a list and waits for its end; its rows come to the connection's handlers like every event.
 *  @throws DiscadorError `ami_down` or `ami_timeout`; `conflict` when the PBX refuses */
export async function askList(ami: AmiConnection, action: string): Promise<void> {
  const actionId = uuidv4();
  const ended = Promise.withResolvers<void>();
  const off = ami.on('*', (message) => {
    if (message['ActionID'] === actionId && message['EventList'] !== undefined) ended.resolve();
  });
  const timer = setTimeout(
    () => ended.reject(new DiscadorError('ami_timeout', `${action}: the list did not end`, { retry: 'later' })),
    LIST_TIMEOUT_MS,
  );
  ended.promise.catch(() => undefined); // when the action itself fails nobody waits for it
  try {
    const answer = await ami.action({ Action: action, ActionID: actionId }, LIST_TIMEOUT_MS);
    if (answer['Response'] !== 'Success') throw new DiscadorError('conflict', `${action}: ${answer['Message'] ?? 'refused'}`);
    await ended.promise;
  } finally {
    clearTimeout(timer);
    off();
  }
}
