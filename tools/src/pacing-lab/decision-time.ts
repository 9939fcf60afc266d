import { apply, callsToStart, createState, type PacingEvent, type PacingState } from '@discador/domain/pacing/index';
import { rounded } from '../bench/measurement.ts';

const AGENTS = 500;
const CALLS = 4000;
const DECISIONS = 300;
const WARM_UP = 100;
/** One call of so many is answered. */
const ANSWERED_OF = 9;
/** A fallback is decided in no time. */
const PREDICTED = /^predictive: .* risk of/;

/** Median milliseconds of one predictive decision for 500 agents and 4,000 calls in flight. */
export function decisionTimeMs(): number {
  let state = busyPool();
  const times: number[] = [];
  for (let second = 1; second <= WARM_UP + DECISIONS; second++) {
    const now = 30 + second / 1000;
    state = apply(state, { type: 'agentData', at: now });
    const began = performance.now();
    const { reason } = callsToStart(state, now);
    if (second > WARM_UP) times.push(performance.now() - began);
    if (!PREDICTED.test(reason)) throw new Error(`nothing was predicted: ${reason}`);
  }
  return rounded(times.sort((one, other) => one - other)[DECISIONS / 2] ?? 0, 3);
}

/** Three quarters of the agents have got a call after it had rung for eight seconds, and every third of them wraps up already; all others ring. */
export function busyPool(): PacingState {
  const talking = (AGENTS * 3) / 4;
  const agents = Array.from({ length: AGENTS }, (_, agent): PacingEvent => ({ type: 'agentIn', at: 0, agentId: `agent-${agent}` }));
  const calls = Array.from({ length: CALLS + talking }, (_, call): PacingEvent[] => {
    const at = (28 * call) / (CALLS + talking);
    const callId = `call-${call}`;
    const agent = call / ANSWERED_OF;
    if (!Number.isInteger(agent) || agent >= talking) return [{ type: 'dial', at, callId }];
    const answered = { at: at + 8, callId, agentId: `agent-${agent}` };
    const talk: PacingEvent[] = [{ type: 'dial', at, callId }, { type: 'connect', ...answered }];
    return agent % 3 === 0 ? [...talk, { ...answered, type: 'talkEnd', at: answered.at + 0.1 }] : talk;
  });
  const told = [...agents, ...calls.flat()].toSorted((one, other) => one.at - other.at);
  return told.reduce<PacingState>(apply, createState({ mode: 'predictive', maxMultiplier: 20 }));
}
