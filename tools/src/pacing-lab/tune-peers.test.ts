import type { Dialer } from './dialers.ts';
import { Lab } from './lab.ts';
import { tunePeers } from './tune-peers.ts';
import { STEADY_SCENARIOS } from './world/scenarios.ts';

test('a setting a little above 3 % on three seeds stays in the race, and wins it when it is within 3 % on all', async () => {
  const scenario = STEADY_SCENARIOS.find(({ name }) => name === '20 agents, 30 %')!;
  const lab = new Lab({ seeds: [17, 18, 19, 20], hours: 0.25, threads: 1 });
  const power = [1, 1.2, 1.4, 1.6, 1.8, 2, 2.1, 2.2, 2.5].map((linesPerAgent): Dialer => ({ kind: 'power', linesPerAgent }));
  const [onThree] = await lab.run([{ scenario, dialer: power[8]! }], { seeds: [17, 18, 19] });
  expect(onThree?.abandonment).toBe(3.167);
  expect(await tunePeers(lab, scenario, { power })).toMatchObject([{ peer: 'power', tried: 9, best: { dialer: { linesPerAgent: 2.5 }, abandonment: 2.375 } }]);
});
