import { apply, callsToStart, createState, type PacingState } from '@discador/domain/pacing/index';
import { rounded } from '../bench/measurement.ts';

const AGENTS = 500;
const CALLS = 4000;
const DECISIONS = 300;
const WARM_UP = 100;

/** Median milliseconds of one predictive decision for 500 agents and 4,000 calls in flight. */
export function decisionTimeMs(): number {
  let state = busyPool();
  const times: number[] = [];
  for (let second = 1; second <= WARM_UP + DECISIONS; second++) {
    const now = 30 + second / 1000;
    state = apply(state, { type: 'agentData', at: now });
    const began = performance.now();
    callsToStart(state, now);
    if (second > WARM_UP) times.push(performance.now() - began);
  }
  return rounded(times.sort((one, other) => one - other)[DECISIONS / 2] ?? 0, 3);
}

/** Half of the agents talk, for different times, a quarter wraps up, a quarter is idle; calls of all ages ring. */
function busyPool(): PacingState {
  let state = createState({ mode: 'predictive' });
  const tell = (event: Parameters<typeof apply>[1]): void => {
    state = apply(state, event);
  };
  for (let agent = 0; agent < AGENTS; agent++) tell({ type: 'agentIn', at: 0, agentId: `agent-${agent}` });
  const talking = (AGENTS * 3) / 4;
  for (let call = 0; call < CALLS + talking; call++) {
    const at = (28 * call) / (CALLS + talking);
    const callId = `call-${call}`;
    tell({ type: 'dial', at, callId });
    if (call >= talking) continue;
    tell({ type: 'ringEnd', at, callId, answered: true });
    tell({ type: 'connect', at, callId, agentId: `agent-${call}` });
    if (call % 3 === 0) tell({ type: 'talkEnd', at, callId, agentId: `agent-${call}` });
  }
  return state;
}
