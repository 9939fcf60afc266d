import type { Moment } from './desk-effect.ts';
import { extensionEffects } from './extension-effects.ts';
import type { AmiEvent } from './ami-event.ts';
import { foldExtensionEvent, type Extensions } from './fold-extension-event.ts';

const momentAfter = (since: string): Moment => ({ atMs: Date.parse('2026-11-21T10:00:00.250Z'), occasion: since, inferred: false });
const device = (state: string, number = '1001'): AmiEvent => ({ Event: 'DeviceStateChange', Device: `PJSIP/${number}`, State: state, Timestamp: '1795218171.5' });

/** The statuses told as device states come in. */
function told(states: string[]): string[] {
  let extensions: Extensions = new Map();
  return states.flatMap((state) => {
    const before = extensions;
    extensions = foldExtensionEvent(before, device(state), 0);
    return extensionEffects(before, extensions, momentAfter).map(({ data }) => ('extension' in data ? `${data.before} > ${data.status}` : ''));
  });
}

test('a call at a phone: rings, talks on one line and on both, hangs up, is unplugged; the first sight is nothing new', () => {
  expect(told(['NOT_INUSE', 'RINGING', 'INUSE', 'ONHOLD', 'RINGINUSE', 'BUSY', 'NOT_INUSE', 'UNAVAILABLE'])).toEqual([
    'idle > ringing', 'ringing > in_use', 'in_use > busy', 'busy > idle', 'idle > unavailable',
  ]);
});

test('says whom, from what to what, when, and after which change', () => {
  const idle = foldExtensionEvent(foldExtensionEvent(new Map(), device('INUSE'), 0), device('NOT_INUSE'), 0);
  expect(extensionEffects(idle, foldExtensionEvent(idle, device('RINGING'), 0), momentAfter)).toEqual([{
    type: 'extension.status', attemptId: null, atMs: 1_795_255_200_250, occasion: '1795218171500', inferred: false,
    data: { extension: '1001', status: 'ringing', before: 'idle', at: '2026-11-21T10:00:00.250Z' },
  }]);
});

test('an extension that the PBX no longer has is unavailable; others that stay are not told of', () => {
  const both = foldExtensionEvent(foldExtensionEvent(new Map(), device('INUSE'), 0), device('INUSE', '1002'), 0);
  const one = new Map([...both].filter(([number]) => number === '1002'));
  expect(extensionEffects(both, one, momentAfter).map(({ data }) => data)).toEqual([expect.objectContaining({ extension: '1001', status: 'unavailable', before: 'in_use' })]);
});
