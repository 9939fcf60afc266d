import type { EXTENSION_STATUSES } from '@discador/contracts/events/desk-events';
import type { DeskEffect, Moment } from './desk-effect.ts';
import type { Extension, Extensions } from './fold-extension-event.ts';

type ExtensionStatus = (typeof EXTENSION_STATUSES)[number];

/** What is to be told of the extensions that changed. One that is seen for the first time is nothing new; one that the PBX no longer has
 *  is unavailable.
 *  @param momentAfter  of the change, given when the extension had last changed */
export function extensionEffects(before: Extensions, after: Extensions, momentAfter: (since: string) => Moment): DeskEffect[] {
  if (before === after) return [];
  return [...before].flatMap(([extension, was]): DeskEffect[] => {
    const is = after.get(extension);
    const [from, to] = [statusOf(was), statusOf(is)];
    if (is === was || from === to) return [];
    const moment = momentAfter(String(was.lastActivityMs ?? ''));
    return [{ type: 'extension.status', data: { extension, status: to, before: from, at: new Date(moment.atMs).toISOString() }, attemptId: null, ...moment }];
  });
}

/** A line that rings counts as busy: with both taken the extension is busy, whatever they do. */
function statusOf(extension: Extension | undefined): ExtensionStatus {
  if (!extension?.registered) return 'unavailable';
  if (extension.busyLines > 1) return 'busy';
  if (extension.ringing) return 'ringing';
  return extension.busyLines > 0 ? 'in_use' : 'idle';
}
