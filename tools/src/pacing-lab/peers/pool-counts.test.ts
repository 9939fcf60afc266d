import { PoolCounts } from './pool-counts.ts';

test('counts where calls and agents are, from a dial to the end of the wrap-up', () => {
  const pool = new PoolCounts(2);
  pool.agentIn();
  pool.agentIn();
  pool.order(9, 3);
  pool.dial(10, 7);
  pool.dial(11, 8);
  pool.dial(12, 9);
  expect(pool).toMatchObject({ idle: 2, ringing: 3, ordered: 0, dials: 3 });
  pool.ringEnd(14, 7, true);
  pool.ringEnd(17, 8, true);
  pool.ringEnd(20, 9, false);
  expect(pool).toMatchObject({ idle: 2, ringing: 0, waiting: 2, answers: 2, answerSec: 4 + 6 });
  pool.connect(18, 7, 1);
  pool.abandon();
  expect(pool).toMatchObject({ idle: 1, talking: 1, waiting: 0, abandons: 1, talkingSince: Float64Array.of(-1, 18) });
  pool.talkEnd(48, 7, 1);
  expect(pool).toMatchObject({ idle: 1, talking: 0, wrappingUp: 1, talks: 1, talkSec: 30, talkingSince: Float64Array.of(-1, -1) });
  pool.wrapEnd();
  expect(pool).toMatchObject({ idle: 2, wrappingUp: 0 });
  pool.agentOut();
  expect(pool.idle).toBe(1);
});
