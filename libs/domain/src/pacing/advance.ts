import { seeBusy } from './agent-tables.ts';
import { each } from './book.ts';
import { callerGone, growSilence, ringEnd } from './call-events.ts';
import { countAgents } from './count-agents.ts';
import { growOlder, seeRinging } from './ring-tables.ts';
import type { Call, PacingState } from './types.ts';

/** After a longer gap without any event the state is only aged for this many seconds: by then nothing rings any more. */
const LONGEST_GAP_SEC = 120;
/** Time constant with which it is forgotten whose turn it was. */
const TURN_FADE_SEC = 300;
/** A call still ringing, or waiting, this long after its time was lost: its end will not be told any more. */
const LOST_AFTER_SEC = 60;
const LOOK_FOR_LOST_EVERY_SEC = 60;

/** Lets the state's clock go on to a moment, second by second: what rings and who talks is seen once in each. A moment that is past changes nothing. */
export function advance(state: PacingState, now: number): PacingState {
  const second = Math.floor(now);
  if (state.clock === null) return { ...state, clock: second };
  let aged = state;
  const from = Math.max(state.clock, second - LONGEST_GAP_SEC);
  for (let clock = from + 1; clock <= second; clock++) aged = passSecond(aged, clock);
  return aged;
}

function passSecond(state: PacingState, clock: number): PacingState {
  const passed: PacingState = { ...state, clock, ...seeCalls(state, clock), ...seeAgents(state, clock), lines: state.lines.length > 2 ? fadeTurns(state) : state.lines };
  return clock % LOOK_FOR_LOST_EVERY_SEC === 0 ? dropLost(passed, clock) : passed;
}

function seeCalls(state: PacingState, clock: number): Partial<PacingState> {
  if (!state.lines.some(({ ringing }) => ringing > 0)) return {};
  const ringing = growOlder(state.ringing);
  const { tables, expected } = seeRinging(state.ringTables, ringing);
  return { ringing, ringTables: tables, ...growSilence({ ...state, clock }, expected) };
}

function seeAgents({ agents, agentTables }: PacingState, clock: number): Partial<PacingState> {
  const busy = countAgents(agents, clock, { staying: false });
  return busy.busy > 0 ? { agentTables: seeBusy(agentTables, busy) } : {};
}

const fadeTurns = ({ lines }: PacingState): PacingState['lines'] => lines.map((line) => (line.recent === 0 ? line : { ...line, recent: line.recent * (1 - 1 / TURN_FADE_SEC) }));

/** Calls whose end was never told must not hold a line for ever. */
function dropLost(state: PacingState, clock: number): PacingState {
  const lost: Call[] = [];
  each(state.calls, (call) => void (call.phase !== 'talking' && clock - call.second > patience(state, call) && lost.push(call)));
  return lost.reduce((left, { id, phase }) => {
    const event = { at: clock, callId: id };
    return phase === 'ringing' ? ringEnd(left, { type: 'ringEnd', ...event }) : callerGone(left, { type: 'callerGone', ...event });
  }, state);
}

const patience = ({ campaigns }: PacingState, { campaign }: Call): number => (campaigns[campaign]?.ringTimeoutSec ?? 0) + LOST_AFTER_SEC;
