import { pbxEventId, pbxEventSchemas } from '@discador/contracts/events/pbx-events';
import { eventMessage, pbxCloudEvent } from './event-message.ts';

const SINCE = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const reason = 'ECONNRESET';
const gap = { from: '2026-01-02T03:04:05.006Z', to: '2026-01-02T03:04:07.006Z', seconds: 2, reason, inferredEnds: 1, adopted: 0 };

test.each([
  pbxCloudEvent('pbx1', { type: 'pbx.connected', data: { activeCalls: 3 } }, SINCE),
  pbxCloudEvent('pbx1', { type: 'pbx.disconnected', data: { reason } }, SINCE),
  pbxCloudEvent('pbx1', { type: 'pbx.unobserved', data: gap }, SINCE),
])('$type is as the contract says, and its id that of the PBX’s moment', (event) => {
  expect(pbxEventSchemas[event.type].parse(event)).toEqual(event);
  expect(event).toMatchObject({ id: pbxEventId('pbx1', event.type, '2026-01-02T03:04:05.006Z'), time: '2026-01-02T03:04:05.006Z', subject: 'pbx1', pbx: 'pbx1', source: 'discador:pbx:pbx1' });
});

test('an event that was known later has that time, and the same id', () => {
  const [atOnce, later] = [SINCE, SINCE + 2000].map((time) => pbxCloudEvent('pbx1', { type: 'pbx.disconnected', data: { reason } }, SINCE, time));
  expect(later).toEqual({ ...atOnce, time: '2026-01-02T03:04:07.006Z' });
});

test('data of another type do not compile', () => {
  // @ts-expect-error: a PBX that connected has no reason
  pbxCloudEvent('pbx1', { type: 'pbx.connected', data: { reason } }, SINCE);
});

test('the message carries the event, and what the broker routes and consumers tell repeats by', () => {
  const event = pbxCloudEvent('pbx.1', { type: 'pbx.disconnected', data: { reason } }, SINCE);
  const { content, ...rest } = eventMessage(event, 7, true);
  expect(JSON.parse(content.toString())).toEqual(event);
  expect(rest).toEqual({ exchange: 'discador.events', routingKey: 'pbx.disconnected.pbx_1', messageId: event.id, type: 'pbx.disconnected', important: true, receivedAt: 7 });
});
