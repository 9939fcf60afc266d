import { Chance } from '../demo-data/chance.ts';
import type { FaultKind, Process, Server, Target } from './types.ts';

/** One fault to come. Whom it hits among the replicas is seen when its time has come: the one that leads, or works. */
export interface PlannedFault {
  kind: FaultKind;
  target: Target;
  /** nothing else happens for `ISOLATED_MS` before it and after it is over */
  isolated: boolean;
}

export const ISOLATED_MS = 15_000;
export const LEADERS: readonly Process[] = ['discador-master', 'ari-monitor', 'monitoring-worker'];
export const SERVERS: readonly Server[] = ['postgres', 'redis', 'rabbitmq', 'asterisk'];

const PROCESS_KINDS: readonly FaultKind[] = ['kill', 'stop', 'restart'];
const WIRE_KINDS: readonly FaultKind[] = ['cut', 'half-open'];
/** Which servers each process talks to. */
const WIRES: Record<Process, readonly Server[]> = {
  'discador-master': ['postgres', 'redis', 'rabbitmq'],
  'campaign-worker': ['postgres', 'redis', 'rabbitmq', 'asterisk'],
  'ari-monitor': ['redis', 'rabbitmq', 'asterisk'],
  'monitoring-worker': ['postgres', 'redis', 'asterisk'],
  gateway: ['postgres', 'redis', 'rabbitmq'],
  'record-shipper': ['postgres'],
};

/** What can happen to a process: mostly to itself, else to one of its connections; a worker's orders to the PBX may come late. */
function faultsOf(process: Process): Omit<PlannedFault, 'isolated'>[] {
  const own = PROCESS_KINDS.flatMap((kind) => [{ kind, target: process }, { kind, target: process }]);
  const wires = WIRES[process].flatMap((server) => WIRE_KINDS.map((kind) => ({ kind, target: `${process}->${server}` as Target })));
  const late = process === 'campaign-worker' ? [{ kind: 'delay' as const, target: 'campaign-worker->asterisk' as Target }] : [];
  return [...own, ...wires, ...late, ...late];
}

function faultsOfServer(server: Server): Omit<PlannedFault, 'isolated'>[] {
  const kinds: FaultKind[] = ['kill', 'restart', 'stop', 'kill', 'cut', 'half-open'];
  if (server === 'redis') kinds.push('flush', 'flush');
  return kinds.map((kind) => ({ kind, target: server }));
}

/** Cards drawn until none is left, then shuffled anew: each fault comes about equally often, in an order that the seed decides. */
class Deck<T> {
  readonly #cards: readonly T[];
  readonly #chance: Chance;
  #left: T[] = [];

  constructor(cards: readonly T[], chance: Chance) {
    this.#cards = cards;
    this.#chance = chance;
  }

  draw(): T {
    if (this.#left.length === 0) this.#left = shuffled(this.#cards, this.#chance);
    return this.#left.pop() as T;
  }
}

function shuffled<T>(cards: readonly T[], chance: Chance): T[] {
  const order = cards.map((card) => ({ card, at: chance.next() }));
  return order.sort((a, b) => a.at - b.at).map(({ card }) => card);
}

/** Faults for ever, by seed. In each 32: 8 isolated ones (each server, a worker, and each leader once); of the other 24, 12 at leaders, 8 at
 *  workers, 2 at the remaining services, 2 at servers. So servers get less than a fifth, leaders more than a third. */
export function* planFaults(seed: number): Generator<PlannedFault, never> {
  const chance = new Chance(seed);
  const decks = new Map<string, Deck<Omit<PlannedFault, 'isolated'>>>();
  const draw = (who: Process | Server): Omit<PlannedFault, 'isolated'> => {
    const cards = SERVERS.includes(who as Server) ? faultsOfServer(who as Server) : faultsOf(who as Process);
    const deck = decks.get(who) ?? new Deck(cards, chance);
    decks.set(who, deck);
    return deck.draw();
  };
  const leaders = new Deck(LEADERS, chance);
  const servers = new Deck(SERVERS, chance);
  const others = new Deck<Process>(['gateway', 'record-shipper'], chance);
  for (;;) {
    const alone = shuffled([...SERVERS, ...LEADERS, 'campaign-worker' as const], chance);
    const crowd = shuffled(
      [
        ...Array.from({ length: 12 }, () => leaders.draw()),
        ...Array.from({ length: 8 }, () => 'campaign-worker' as const),
        ...Array.from({ length: 2 }, () => others.draw()),
        ...Array.from({ length: 2 }, () => servers.draw()),
      ],
      chance,
    );
    for (const [index, who] of alone.entries()) {
      for (const other of crowd.slice(index * 3, index * 3 + 3)) yield { ...draw(other), isolated: false };
      yield { ...draw(who), isolated: true };
    }
  }
}

/** Each kind of fault once, at changing targets, none isolated: what fits into a minute. Asterisk goes first, so that the calls which it takes
 *  with it are cleared away while the rest happens. */
export function planOnce(seed: number): PlannedFault[] {
  const chance = new Chance(seed);
  const leader = (): Process => chance.pick(LEADERS);
  const rest: Omit<PlannedFault, 'isolated'>[] = [
    { kind: 'restart', target: 'campaign-worker' },
    { kind: 'stop', target: 'discador-master' },
    { kind: 'half-open', target: 'campaign-worker->postgres' },
    { kind: 'cut', target: `${leader()}->redis` },
    { kind: 'delay', target: 'campaign-worker->asterisk' },
    { kind: 'kill', target: 'ari-monitor' },
    { kind: 'flush', target: 'redis' },
  ];
  return [{ kind: 'kill' as const, target: 'asterisk' as const }, ...shuffled(rest, chance)].map((fault) => ({ ...fault, isolated: false }));
}
