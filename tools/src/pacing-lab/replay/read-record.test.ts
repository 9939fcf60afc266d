import { progressive } from '../peers/simple-dialers.ts';
import { recorded } from '../testing/record-run.ts';
import { readRecord } from './read-record.ts';

/** One agent from 0 to 200; call 0 dialled at 10, answered at 15, with the agent from 17 to 77, wrapped up at 90; call 1 dialled at 100, given up at 128. */
function oneTalk(): string[] {
  const lines: string[] = [];
  const { events } = recorded(progressive, lines)(1, { freeing: () => [], answerRate: () => 0 });
  events.agentIn(0, 0);
  events.dial(10, 0);
  events.ringEnd(15, 0, true);
  events.connect(17, 0, 0);
  events.talkEnd(77, 0, 0);
  events.wrapEnd(90, 0);
  events.dial(100, 1);
  events.ringEnd(128, 1, false);
  events.agentOut(200, 0);
  return lines;
}

test('a call rings from the dial to the answer, and talks from the bridge on', async () => {
  expect(await readRecord(oneTalk())).toMatchObject({ seconds: 200, answered: [{ at: 10, sec: 5 }], unanswered: [{ at: 100, sec: 28 }], talksSec: [60], abandons: 0 });
});

test('an attempt that was not placed is no call', async () => {
  const { answered, unanswered } = await readRecord(oneTalk().map((line) => line.replace('"no_answer"', '"not_placed"')));
  expect([answered.length, unanswered.length]).toEqual([1, 0]);
});

test('events count in the order of their times, whatever the order of the lines', async () => {
  const { agents } = await readRecord(oneTalk().reverse());
  expect(agents).toMatchObject({ staffedSec: 200, busySec: 73, wrapUpsSec: [13] });
  expect(agents.roster.map(({ at, present }) => [at, present])).toEqual([[0, true], [200, false]]);
});
