import type { DeskEvent } from '@discador/contracts/events/desk-events';
import type { RosterChange } from '../world/world.ts';

type Status = 'idle' | 'ringing' | 'busy' | 'paused' | 'wrap_up' | 'unavailable';

/** What a record tells of its agents. Times are seconds since its beginning. */
export interface AgentTimes {
  agents: number;
  roster: RosterChange[];
  staffedSec: number;
  /** talk and wrap-up within the staffed time */
  busySec: number;
  /** each wrap-up that was seen from its beginning to its end */
  wrapUpsSec: number[];
}

/** Puts together from status events when each agent was there, in whichever queue, and what they did.
 *  @param events  in order of time
 *  @param secondsOf  when an event was, since the beginning
 *  @param endSec  of the record */
export function agentTimes(events: readonly DeskEvent[], secondsOf: (event: DeskEvent) => number, endSec: number): AgentTimes {
  const people = new Map<string, Person>();
  for (const event of events) {
    const status = statusAfter(event);
    if (!status || !('agent' in event.data)) continue;
    const { agent, queue } = event.data;
    const person = people.get(agent) ?? new Person(people.size);
    people.set(agent, person);
    person.change(queue, status, statusBefore(event), secondsOf(event));
  }
  const all = [...people.values()];
  for (const person of all) person.close(endSec);
  const sum = (of: (person: Person) => number): number => all.reduce((total, person) => total + of(person), 0);
  return {
    agents: all.length,
    roster: all.flatMap(({ roster }) => roster).sort((one, other) => one.at - other.at),
    staffedSec: sum(({ staffedSec }) => staffedSec),
    busySec: sum(({ busySec }) => busySec),
    wrapUpsSec: all.flatMap(({ wrapUpsSec }) => wrapUpsSec),
  };
}

function statusAfter(event: DeskEvent): Status | undefined {
  switch (event.type) {
    case 'agent.loggedin':
    case 'agent.unpaused':
      return 'idle';
    case 'agent.paused':
      return 'paused';
    case 'agent.loggedout':
      return 'unavailable';
    case 'agent.status':
      return event.data.status;
    default:
      return undefined;
  }
}

/** Tells of an agent of whom nothing was heard yet whether they had been there all along. */
function statusBefore(event: DeskEvent): Status {
  if (event.type === 'agent.status') return event.data.before;
  return event.type === 'agent.paused' || event.type === 'agent.loggedout' ? 'idle' : 'unavailable';
}

class Person {
  readonly roster: RosterChange[] = [];
  readonly wrapUpsSec: number[] = [];
  staffedSec = 0;
  busySec = 0;
  readonly #number: number;
  readonly #statuses = new Map<string, { status: Status; since?: number }>();
  #at = 0;

  constructor(number: number) {
    this.#number = number;
  }

  change(queue: string, status: Status, before: Status, at: number): void {
    if (!this.#statuses.has(queue)) {
      this.#statuses.set(queue, { status: before });
      if (isThere(before) && this.roster.length === 0) this.roster.push({ at: 0, agent: this.#number, present: true });
    }
    this.#pass(at);
    const was = this.#statuses.get(queue);
    if (was?.status === 'wrap_up' && was.since !== undefined && status !== 'wrap_up') this.wrapUpsSec.push(at - was.since);
    const present = this.#isPresent();
    if (was?.status !== status) this.#statuses.set(queue, { status, since: at });
    if (this.#isPresent() !== present) this.roster.push({ at, agent: this.#number, present: !present });
  }

  close(endSec: number): void {
    this.#pass(endSec);
  }

  #pass(at: number): void {
    const sec = Math.max(0, at - this.#at);
    this.#at = Math.max(at, this.#at);
    if (!this.#isPresent()) return;
    this.staffedSec += sec;
    if ([...this.#statuses.values()].some(({ status }) => status === 'busy' || status === 'wrap_up')) this.busySec += sec;
  }

  #isPresent(): boolean {
    return [...this.#statuses.values()].some(({ status }) => isThere(status));
  }
}

const isThere = (status: Status): boolean => status !== 'paused' && status !== 'unavailable';
