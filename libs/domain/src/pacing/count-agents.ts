import { TALK_BINS, talkBin, WRAP_BINS, wrapBin, type BusyAgents } from './agent-tables.ts';
import { each, type Book } from './book.ts';
import type { Agent } from './types.ts';

export interface AgentCount extends BusyAgents {
  readonly idle: number;
  readonly busy: number;
}

/** The agents of a pool by what they do. @param staying  leave out who logs out after this call */
export function countAgents(agents: Book<Agent>, now: number, { staying }: { staying: boolean }): AgentCount {
  const talking = Array<number>(TALK_BINS).fill(0);
  const wrapping = Array<number>(WRAP_BINS).fill(0);
  let idle = 0;
  let busy = 0;
  each(agents, ({ status, since, leaving }) => {
    if (status === 'idle') idle += 1;
    else if (!(staying && leaving)) {
      busy += 1;
      const bins = status === 'talking' ? talking : wrapping;
      const bin = status === 'talking' ? talkBin(now - since) : wrapBin(now - since);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
  });
  return { idle, busy, talking, wrapping };
}
