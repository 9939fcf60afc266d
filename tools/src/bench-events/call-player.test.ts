import { CallPlayer } from './call-player.ts';
import { readRecordedCalls, typesByCall } from './recorded-call.ts';

const recorded = readRecordedCalls('discador-1');
const STAMP = Buffer.from('2026-11-21T12:00:00.000+0000');
const ROUNDS = 3;

interface Event {
  type: string;
  timestamp: string;
  application: string;
  channel?: { id: string; creationtime: string };
}

/** Plays some rounds of calls and all to their ends. */
function playAll(seed: number): { player: CallPlayer; events: Event[] } {
  const player = new CallPlayer({ recorded, seed, firstCall: 0, epochMs: 1_795_225_000_000 });
  const events: Event[] = [];
  const buffer = Buffer.alloc(16_384);
  for (;;) {
    const frame = player.play(buffer, 0, STAMP);
    if (!frame) return { player, events };
    const length = buffer[1] === 126 ? buffer.readUInt16BE(2) : (buffer[1] ?? 0);
    const header = buffer[1] === 126 ? 4 : 2;
    expect([buffer[0], header + length]).toEqual([0x81, frame.bytes.length]);
    events.push(JSON.parse(buffer.toString('utf8', header, header + length)) as Event);
    if (player.begun >= ROUNDS * recorded.length) player.finish();
  }
}

test('plays every recording in each round, all calls to their ends, with ids of their own', () => {
  const { player, events } = playAll(1);
  const created = events.filter(({ type }) => type === 'ChannelCreated').map(({ channel }) => channel?.id);
  const destroyed = events.filter(({ type }) => type === 'ChannelDestroyed').map(({ channel }) => channel?.id);
  expect(player.begun).toBeGreaterThanOrEqual(ROUNDS * recorded.length);
  expect(new Set(created).size).toBe(created.length);
  expect(destroyed.toSorted()).toEqual(created.toSorted());
  expect([player.channels(), player.bridges()]).toEqual([[], []]);
});

test('times are those of the play, and the stream is that of one application', () => {
  const { events } = playAll(1);
  expect(new Set(events.map(({ timestamp, application }) => `${timestamp} ${application}`))).toEqual(new Set([`${STAMP.toString()} discador-1`]));
  expect(new Set(events.flatMap(({ channel }) => (channel ? [channel.creationtime] : [])))).toEqual(new Set([STAMP.toString()]));
});

test('the seed decides what is played in what order', () => {
  const order = (seed: number): string => playAll(seed).events.map(({ channel }) => channel?.id).join(' ');
  expect(order(1)).toBe(order(1));
  expect(order(1)).not.toBe(order(2));
});

test('many calls go on at once, and the list of channels is what the events have told', () => {
  const player = new CallPlayer({ recorded, seed: 1, firstCall: 0, epochMs: 0 });
  const buffer = Buffer.alloc(16_384);
  const alive = new Set<string>();
  for (let i = 0; i < 2_000; i += 1) {
    const frame = player.play(buffer, 0, STAMP);
    const { type, channel } = JSON.parse(buffer.toString('latin1', buffer[1] === 126 ? 4 : 2, frame?.bytes.length)) as Event;
    if (type === 'ChannelCreated' && channel) alive.add(channel.id);
    if (type === 'ChannelDestroyed' && channel) alive.delete(channel.id);
  }
  expect(alive.size).toBeGreaterThan(50);
  expect((player.channels() as { id: string }[]).map(({ id }) => id).toSorted()).toEqual([...alive].toSorted());
});

test('each recording gives one call with one end', () => {
  for (const call of recorded) {
    const types = [...typesByCall(call).values()];
    expect([call.name, types.length, types[0]?.at(-1)]).toEqual([call.name, 1, 'call.ended']);
  }
});
