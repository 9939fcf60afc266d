import { seeBusy } from './agent-tables.ts';
import { each } from './book.ts';
import { callerGone, endTalk, growSilence, ringEnd } from './call-events.ts';
import { countAgents } from './count-agents.ts';
import { forget } from './lines.ts';
import { growOlder, seeRinging } from './ring-tables.ts';
import type { Call, PacingState } from './types.ts';

/** After a longer gap without any event the state is only aged for this many seconds: by then nothing rings any more. */
const LONGEST_GAP_SEC = 120;
/** Time constant with which it is forgotten whose turn it was. */
const TURN_FADE_SEC = 300;
/** A call still ringing, or waiting, this long after its time was lost: its end will not be told any more. */
const LOST_AFTER_SEC = 60;
/** No talk, no announcement and no waiting for an agent of one's own accord lasts longer. */
const LONGEST_CALL_SEC = 7200;
const LOOK_FOR_LOST_EVERY_SEC = 60;

/** Whether that is a moment, in seconds of any epoch: seconds that are not told apart any more are none. */
export const isTime = (at: number): boolean => Number.isFinite(at) && Number.isSafeInteger(Math.floor(at));

/** Lets the state's clock go on to a moment, second by second: what rings and who talks is seen once in each. A moment that is past changes nothing. */
export function advance(state: PacingState, now: number): PacingState {
  const second = Math.floor(now);
  if (state.clock === null) return { ...state, clock: second };
  let aged = state;
  const from = Math.max(state.clock, second - Math.max(LONGEST_GAP_SEC, state.ringing.length));
  for (let clock = from + 1; clock <= second; clock++) aged = passSecond(aged, clock);
  return aged;
}

function passSecond(state: PacingState, clock: number): PacingState {
  const passed: PacingState = { ...state, clock, ...seeCalls(state, clock), ...seeAgents(state, clock), lines: agedLines(state, clock) };
  return clock % LOOK_FOR_LOST_EVERY_SEC === 0 ? dropLost(passed, clock) : passed;
}

function seeCalls(state: PacingState, clock: number): Partial<PacingState> {
  if (!state.ringing.some((calls) => calls > 0)) return {};
  const ringing = growOlder(state.ringing);
  const { tables, expected } = seeRinging(state.ringTables, ringing);
  return { ringing, ringTables: tables, ...growSilence({ ...state, clock }, expected) };
}

function seeAgents({ agents, agentTables }: PacingState, clock: number): Partial<PacingState> {
  const busy = countAgents(agents, clock, { staying: false });
  return busy.busy > 0 ? { agentTables: seeBusy(agentTables, busy) } : {};
}

function agedLines({ lines, campaigns }: PacingState, clock: number): PacingState['lines'] {
  if (lines.every(({ orders, recent, told }) => orders.length === 0 && recent === 0 && told.times === 0)) return lines;
  const someDial = campaigns.some(({ weight }, index) => weight > 0 && lines[index]?.emptySince === null);
  return lines.map((line) => forget({ ...line, recent: line.recent * (1 - 1 / TURN_FADE_SEC) }, clock, someDial));
}

/** Calls whose end was never told must not hold a line for ever. */
function dropLost(state: PacingState, clock: number): PacingState {
  const lost: Call[] = [];
  each(state.calls, (call) => void (clock - call.since > patience(state, call) && lost.push(call)));
  return lost.reduce((left, { id, phase }) => {
    const event = { at: clock, callId: id };
    if (phase === 'talking') return endTalk(left, id);
    return phase === 'ringing' ? ringEnd(left, { type: 'ringEnd', ...event }) : callerGone(left, { type: 'callerGone', ...event });
  }, state);
}

/** How long a call may ring, or wait, or be talked. Callers from outside may wait for minutes; who listens to an announcement waits for nobody. */
function patience({ campaigns }: PacingState, { campaign, phase }: Call): number {
  const { mode, ringTimeoutSec, graceSec } = campaigns[campaign] ?? {};
  if (phase === 'ringing') return (ringTimeoutSec ?? 0) + LOST_AFTER_SEC;
  return phase === 'talking' || mode === 'agentless' || graceSec === undefined ? LONGEST_CALL_SEC : graceSec + LOST_AFTER_SEC;
}
