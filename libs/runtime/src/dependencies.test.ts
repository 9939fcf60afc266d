import { Dependencies } from './dependencies.ts';

let dependencies: Dependencies;
beforeEach(() => void (dependencies = new Dependencies()));

test('who waits for nothing is ready', () => expect([dependencies.ready, dependencies.waitingFor]).toEqual([true, []]));

test('of those in no group each is needed; all are away until they are up, and can go again', () => {
  const [postgres, redis] = [dependencies.track('postgres'), dependencies.track('redis')];
  postgres.up();
  expect([dependencies.ready, dependencies.waitingFor]).toEqual([false, ['redis: connecting']]);
  redis.up();
  expect([dependencies.ready, dependencies.waitingFor]).toEqual([true, []]);
  postgres.down('ECONNREFUSED');
  postgres.down('ETIMEDOUT');
  expect([dependencies.ready, dependencies.waitingFor]).toEqual([false, ['postgres: ETIMEDOUT']]);
});

describe('a group', () => {
  test('is up while one of it is, whichever; those away are told all the same', () => {
    const [first, second, third] = ['1', '2', '3'].map((name) => dependencies.track(name, 'pbx'));
    expect(dependencies.ready).toBe(false);
    second?.up();
    expect([dependencies.ready, dependencies.waitingFor]).toEqual([true, ['1: connecting', '3: connecting']]);
    third?.up();
    second?.down('drained');
    expect([dependencies.ready, dependencies.waitingFor]).toEqual([true, ['1: connecting', '2: drained']]);
    first?.up();
    third?.down('gone');
    first?.down('gone');
    expect([dependencies.ready, dependencies.waitingFor]).toEqual([false, ['2: drained', '3: gone', '1: gone']]);
  });

  test('stands in neither for another group nor for what is in none, nor these for it', () => {
    const [pbx, trunk, postgres] = [dependencies.track('1', 'pbx'), dependencies.track('a', 'trunk'), dependencies.track('postgres')];
    dependencies.track('2', 'pbx');
    for (const one of [pbx, trunk, postgres]) one.up();
    for (const one of [pbx, trunk, postgres]) {
      one.down('gone');
      expect(dependencies.ready).toBe(false);
      one.up();
      expect(dependencies.ready).toBe(true);
    }
  });
});

test('who stops is not ready and waits for nothing else, whatever comes up', () => {
  const postgres = dependencies.track('postgres');
  dependencies.stop();
  postgres.up();
  expect([dependencies.ready, dependencies.waitingFor]).toEqual([false, ['stopping']]);
});
