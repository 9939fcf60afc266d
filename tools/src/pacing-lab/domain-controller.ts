import { apply, callsToStart, createState, type PacingConfig, type PacingEvent } from '@discador/domain/pacing/index';
import type { MakeController, PoolEvents } from './controller.ts';

/** A controller of this project, driven from outside: by its events alone, with its state as plain data. */
export function domainController(config: PacingConfig): MakeController {
  return () => {
    let state = createState(config);
    const tell = (event: PacingEvent): void => {
      state = apply(state, event);
    };
    return {
      tickSec: config.mode === 'legacy' ? 30 : 1,
      events: asPacingEvents(tell),
      callsToStart: (now) => {
        tell({ type: 'agentData', at: now });
        const decision = callsToStart(state, now);
        state = decision.state;
        return decision.n;
      },
    };
  };
}

/** Tells what happens as the domain's events; calls get ids that are never used again. */
export function asPacingEvents(tell: (event: PacingEvent) => void): PoolEvents {
  const ids: string[] = [];
  let dialled = 0;
  const agentId = (agent: number): string => `agent-${agent}`;
  return {
    order: (at, n) => tell({ type: 'order', at, n }),
    dial: (at, call) => {
      const callId = `call-${++dialled}`;
      ids[call] = callId;
      tell({ type: 'dial', at, callId });
    },
    ringEnd: (at, call, answered) => tell({ type: 'ringEnd', at, callId: ids[call], answered }),
    connect: (at, call, agent) => tell({ type: 'connect', at, callId: ids[call], agentId: agentId(agent) }),
    abandon: (at, call) => tell({ type: 'abandon', at, callId: ids[call] }),
    talkEnd: (at, call, agent) => tell({ type: 'talkEnd', at, callId: ids[call], agentId: agentId(agent) }),
    wrapEnd: (at, agent) => tell({ type: 'wrapEnd', at, agentId: agentId(agent) }),
    agentIn: (at, agent) => tell({ type: 'agentIn', at, agentId: agentId(agent) }),
    agentLeaving: (at, agent) => tell({ type: 'agentLeaving', at, agentId: agentId(agent) }),
    agentOut: (at, agent) => tell({ type: 'agentOut', at, agentId: agentId(agent) }),
  };
}
