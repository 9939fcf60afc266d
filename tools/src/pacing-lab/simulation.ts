import Denque from 'denque';
import FlatQueue from 'flatqueue';
import { AgentDesk } from './agent-desk.ts';
import type { Controller, MakeController } from './controller.ts';
import { Meter, type RunFigures } from './meter.ts';
import { RandomStream } from './random-stream.ts';
import type { Foresight, World } from './world/world.ts';

export interface RunOptions {
  /** measured, after the warm-up */
  hours: number;
  warmUpSec: number;
  /** how long an answered call waits for an agent before it is dropped */
  graceSec: number;
  /** orders split over so many workers, each of which dials its part this much later on average, 0.5 to 1.5 times as much */
  split?: { workers: number; delaySec: number; seed: number };
}

export const RUN_OPTIONS: RunOptions = { hours: 8, warmUpSec: 1800, graceSec: 2 };

// An event in the queue is the number of its call or agent × 8 + what happens: one number, so that nothing is allocated.
const RING_END = 0;
const TALK_END = 1;
const WRAP_END = 2;
const ROSTER = 3;
const BACK = 4;
const DIAL = 5;
const KINDS = 8;
const SPLIT_STREAM = 90;

/** One campaign in one world under one controller, event by event. */
export class Simulation {
  readonly #world: World;
  readonly #options: RunOptions;
  readonly #controller: Controller;
  readonly #meter: Meter;
  readonly #desk: AgentDesk;
  readonly #queue = new FlatQueue<number>();
  readonly #answered: boolean[] = [];
  readonly #unusedCalls: number[] = [];
  /** answered calls without an agent, and until when each waits: the first is always the first to be dropped */
  readonly #waiting = new Denque<number>();
  readonly #deadlines = new Denque<number>();
  readonly #delays: RandomStream;
  /** how long each agent will be away who is to leave */
  readonly #awaySec = new Map<number, number>();
  #calls = 0;

  constructor(world: World, makeController: MakeController, answerRate: Foresight['answerRate'], options: RunOptions) {
    this.#world = world;
    this.#options = options;
    this.#meter = new Meter(options.warmUpSec, options.warmUpSec + options.hours * 3600);
    this.#desk = new AgentDesk(world.agents, this.#meter);
    this.#controller = makeController(world.agents, { freeing: (now, withinSec) => this.#desk.freeing(now, withinSec), answerRate });
    this.#delays = new RandomStream(options.split?.seed ?? 0, SPLIT_STREAM);
  }

  run(): RunFigures {
    const end = this.#options.warmUpSec + this.#options.hours * 3600;
    this.#world.roster.forEach(({ at }, index) => this.#queue.push(index * KINDS + ROSTER, at));
    const { tickSec } = this.#controller;
    for (let tick = 0; tick * tickSec < end; tick++) {
      const now = tick * tickSec;
      this.#advance(now);
      this.#start(this.#controller.callsToStart(now), now);
    }
    // What happens at the very end belongs to the seconds after it.
    this.#advance(end - 1e-6);
    this.#desk.close(end);
    return this.#meter.figures();
  }

  #advance(until: number): void {
    for (;;) {
      const next = this.#queue.peekValue() ?? Number.POSITIVE_INFINITY;
      const deadline = this.#deadlines.peekFront() ?? Number.POSITIVE_INFINITY;
      if (Math.min(next, deadline) > until) return;
      if (deadline < next) this.#drop(deadline);
      else this.#happen(this.#queue.pop() as number, next);
    }
  }

  #happen(code: number, at: number): void {
    const subject = Math.floor(code / KINDS);
    switch (code % KINDS) {
      case RING_END:
        return this.#ringEnd(subject, at);
      case TALK_END:
        return this.#talkEnd(subject, at);
      case WRAP_END:
        return this.#wrapEnd(subject, at);
      case ROSTER:
        return this.#roster(subject, at);
      case BACK:
        return this.#arrive(subject, at);
      case DIAL:
        return this.#dial(at);
    }
  }

  #start(n: number, now: number): void {
    const { split } = this.#options;
    if (!split) {
      for (let i = 0; i < n; i++) this.#dial(now);
      return;
    }
    if (n > 0) this.#controller.events.order(now, n);
    for (let worker = 0; worker < split.workers; worker++) {
      const at = now + split.delaySec * (0.5 + this.#delays.next());
      for (let i = worker; i < n; i += split.workers) this.#queue.push(DIAL, at);
    }
  }

  #dial(at: number): void {
    const call = this.#unusedCalls.pop() ?? this.#calls++;
    const ringSec = this.#world.calls.ringSec(at);
    this.#answered[call] = ringSec > 0;
    this.#meter.dial(at);
    this.#controller.events.dial(at, call);
    this.#queue.push(call * KINDS + RING_END, at + Math.abs(ringSec));
  }

  #ringEnd(call: number, at: number): void {
    const answered = this.#answered[call] === true;
    this.#controller.events.ringEnd(at, call, answered);
    if (!answered) {
      this.#unusedCalls.push(call);
      return;
    }
    this.#meter.answer(at);
    const agent = this.#desk.takeIdle();
    if (agent !== undefined) return this.#connect(call, agent, at);
    this.#waiting.push(call);
    this.#deadlines.push(at + this.#options.graceSec);
  }

  #drop(at: number): void {
    this.#deadlines.shift();
    const call = this.#waiting.shift() as number;
    this.#meter.abandon(at);
    this.#controller.events.abandon(at, call);
    this.#unusedCalls.push(call);
  }

  #connect(call: number, agent: number, at: number): void {
    const talkEnd = at + this.#world.calls.talkSec(at);
    this.#desk.talk(agent, call, at, talkEnd + this.#world.calls.wrapUpSec());
    this.#controller.events.connect(at, call, agent);
    this.#queue.push(agent * KINDS + TALK_END, talkEnd);
  }

  #talkEnd(agent: number, at: number): void {
    const call = this.#desk.callOf(agent);
    this.#controller.events.talkEnd(at, call, agent);
    this.#unusedCalls.push(call);
    this.#queue.push(agent * KINDS + WRAP_END, this.#desk.wrapUp(agent, at));
  }

  #wrapEnd(agent: number, at: number): void {
    this.#controller.events.wrapEnd(at, agent);
    if (this.#desk.isLeaving(agent)) this.#leave(agent, at);
    else this.#offer(agent, at);
  }

  /** The agent is idle: takes who waits, or waits. */
  #offer(agent: number, at: number): void {
    this.#desk.waitForCall(agent, at);
    if (this.#waiting.isEmpty()) return;
    this.#deadlines.shift();
    this.#connect(this.#waiting.shift() as number, this.#desk.takeIdle() as number, at);
  }

  #roster(index: number, at: number): void {
    const change = this.#world.roster[index];
    if (!change) return;
    const { agent, present, awaySec } = change;
    if (present) return this.#arrive(agent, at);
    if (this.#desk.isAway(agent)) return;
    const wasBack = this.#awaySec.get(agent) === 0;
    if (this.#desk.isLeaving(agent) && !wasBack) return;
    if (awaySec !== undefined) this.#awaySec.set(agent, awaySec);
    else this.#awaySec.delete(agent);
    if (wasBack) return;
    if (this.#desk.isIdle(agent)) return this.#leave(agent, at);
    this.#desk.leaveAfterCall(agent);
    this.#controller.events.agentLeaving(at, agent);
  }

  #arrive(agent: number, at: number): void {
    // Back before the last talk was over: as if the break had begun and ended there.
    if (!this.#desk.isAway(agent)) {
      if (this.#desk.isLeaving(agent)) this.#awaySec.set(agent, 0);
      return;
    }
    this.#controller.events.agentIn(at, agent);
    this.#offer(agent, at);
  }

  #leave(agent: number, at: number): void {
    this.#desk.leave(agent, at);
    this.#controller.events.agentOut(at, agent);
    const awaySec = this.#awaySec.get(agent);
    if (awaySec === undefined) return;
    this.#awaySec.delete(agent);
    this.#queue.push(agent * KINDS + BACK, at + awaySec);
  }
}
