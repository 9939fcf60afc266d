import { RandomStream } from '../random-stream.ts';
import type { CallModel } from '../world/world.ts';
import type { CampaignRecord, DialledCall } from './read-record.ts';

const WINDOW_SEC = 900;
/** Calls of the whole record that a window's answer rate is mixed with: a window with few calls says little. */
const MIXED_IN = 50;
const LEAST_SEC = 0.01;

const OUTCOME_STREAM = 11;
const RING_STREAM = 12;
const TALK_STREAM = 13;
const WRAP_UP_STREAM = 14;

/** Draws calls out of a record: answered as often as then at that time of day, ringing, talking and wrapping up as long as one that was. */
export class ResampledCalls implements CallModel {
  readonly #record: CampaignRecord;
  readonly #rates: number[];
  readonly #outcomes: RandomStream;
  readonly #rings: RandomStream;
  readonly #talks: RandomStream;
  readonly #wrapUps: RandomStream;

  constructor(record: CampaignRecord, seed: number) {
    this.#record = record;
    this.#rates = answerRates(record);
    this.#outcomes = new RandomStream(seed, OUTCOME_STREAM);
    this.#rings = new RandomStream(seed, RING_STREAM);
    this.#talks = new RandomStream(seed, TALK_STREAM);
    this.#wrapUps = new RandomStream(seed, WRAP_UP_STREAM);
  }

  answerRate(at: number): number {
    return this.#rates[Math.min(this.#rates.length - 1, Math.floor(at / WINDOW_SEC))] ?? 0;
  }

  ringSec(at: number): number {
    const isAnswered = this.#outcomes.next() < this.answerRate(at);
    const call = pick(isAnswered ? this.#record.answered : this.#record.unanswered, this.#rings);
    const sec = Math.max(LEAST_SEC, call?.sec ?? 0);
    return isAnswered ? sec : -sec;
  }

  talkSec(): number {
    return pick(this.#record.talksSec, this.#talks) ?? 0;
  }

  wrapUpSec(): number {
    return pick(this.#record.agents.wrapUpsSec, this.#wrapUps) ?? 0;
  }
}

/** Share of answered calls per quarter of an hour. */
function answerRates({ seconds, answered, unanswered }: CampaignRecord): number[] {
  const overall = answered.length / (answered.length + unanswered.length);
  const counts = (calls: readonly DialledCall[], window: number): number => calls.filter(({ at }) => Math.floor(at / WINDOW_SEC) === window).length;
  return Array.from({ length: Math.max(1, Math.ceil(seconds / WINDOW_SEC)) }, (_, window) => {
    const answers = counts(answered, window);
    return (answers + MIXED_IN * overall) / (answers + counts(unanswered, window) + MIXED_IN);
  });
}

function pick<T>(from: readonly T[], random: RandomStream): T | undefined {
  return from[Math.floor(random.next() * from.length)];
}
