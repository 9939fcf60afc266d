import { ToldPool } from '../testing/told-pool.ts';
import { issabel } from './issabel.ts';

function made(agents: number) {
  const { events, callsToStart, tickSec } = issabel(0.9)(agents, { freeing: () => [], answerRate: () => 0 });
  const pool = new ToldPool(events, agents);
  callsToStart(0);
  return { pool, tickSec, ask: (now: number) => callsToStart((pool.at = now)) };
}

test('is asked each 3 s, and keeps an agent for each caller who rings or waits', () => {
  const { pool, tickSec, ask } = made(5);
  expect(tickSec).toBe(3);
  pool.dial(3);
  expect(ask(3)).toBe(2);
  pool.answer(2);
  expect(ask(6)).toBe(2);
  pool.abandon(1);
  expect(ask(9)).toBe(3);
});

test('goes by the answer ratio of the last 30 minutes', () => {
  const { pool, ask } = made(10);
  pool.dial(20).answer(20).abandon(20);
  for (let minute = 1; minute < 20; minute++) ask(60 * minute);
  pool.dial(20).answer(5).abandon(5).ringOut(15);
  for (let minute = 20; minute < 30; minute++) ask(60 * minute);
  // 25 of 40 answered: 10 / 0.625; a minute later the first 20 are too long ago: 10 / 0.25
  expect(ask(1800)).toBe(16);
  expect(ask(1860)).toBe(40);
});

test('trusts its answer ratio from ten calls on, of which one was answered', () => {
  const { pool, ask } = made(4);
  pool.dial(9).ringOut(9);
  expect(ask(3)).toBe(4);
  pool.dial(1).ringOut(1);
  expect(ask(6)).toBe(4);
  pool.dial(2).answer(2).abandon(2);
  // 2 of 12, which counts as a fifth
  expect(ask(9)).toBe(20);
  const other = made(4);
  other.pool.dial(9).answer(3).abandon(3).ringOut(6);
  expect(other.ask(3)).toBe(4);
  other.pool.dial(1).ringOut(1);
  // 3 of 10: 4 / 0.3 = 13.3
  expect(other.ask(6)).toBe(13);
});

test('counts on the end of a talk once ten have ended, and on none twice', () => {
  const { pool, ask } = made(2);
  const talk = (at: number) => {
    pool.at = at;
    pool.dial(1).answer(1).connect(1);
    pool.at = at + 60;
    pool.talkEnd(1).wrapEnd(1);
  };
  for (let n = 0; n < 9; n++) talk(100 * n);
  pool.at = 900;
  pool.dial(1).answer(1).connect(1);
  // 0.9 is reached after 60 × ln 10 = 138.2 s; every call was answered, at once
  expect(ask(1100)).toBe(1);
  pool.talkEnd(1).wrapEnd(1);
  expect(ask(2000)).toBe(2);
  pool.dial(1).answer(1).connect(1);
  // ten talks of 9 × 60 and 200 s, 74 on average: 0.9 after 170.4 s
  expect(ask(2170)).toBe(1);
  expect(ask(2171)).toBe(2);
});
