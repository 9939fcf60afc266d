import { DiscadorError } from '@discador/contracts/discador-error';
import type { Redis } from 'ioredis';

// KEYS term. Output: the highest term known here, or the clock in milliseconds when that is more, as text: Lua's numbers lose digits as replies
const HIGHEST = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return string.format('%.0f', math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)))`;

// KEYS term; ARGV the new term. Output: 1 when it was raised, 0 when this server knew one as high
const RAISE = `
if tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`;

/** The term of a lease: a number that is greater at each acquisition than at all before, so that what a deposed holder still sends can be told
 *  from its successor's. The holder asks for it after it has won and before it acts.
 *
 *  It is kept beside the lock, without an end, and raised on a majority of the lock servers. Never less than the servers' clock in milliseconds:
 *  a flushed Redis forgets the term, not the time. No two acquisitions have the same one: each server takes a term once. It lets others tell
 *  the late word of a holder that slept from its successor's; it is no proof where a write must never be doubled: for that, PostgreSQL has
 *  terms of its own. */
export class LeaseTerm {
  readonly #clients: readonly Redis[];
  readonly #key: string;
  /** the highest one handed out here: not undercut by a flushed server whose clock was set back */
  #seen = 0;

  /** @param lockKey of the lease; @param clients one per independent Redis master, as the lease has them */
  constructor(clients: readonly Redis[], lockKey: string) {
    this.#clients = clients;
    this.#key = `${lockKey}:term`;
  }

  /** @returns the term of the acquisition just made, an integer below 2^53
   *  @throws DiscadorError `redis_down` without the answers of a majority; `lease_lost` when somebody else took one meanwhile */
  async next(): Promise<number> {
    const known = await this.#ask((client) => client.eval(HIGHEST, 1, this.#key));
    const term = Math.max(this.#seen, ...known) + 1;
    const raised = await this.#ask((client) => client.eval(RAISE, 1, this.#key, term));
    if (raised.filter((one) => one === 1).length < this.#majority) throw new DiscadorError('lease_lost', 'another holder has taken a term meanwhile', { retry: 'later' });
    this.#seen = term;
    return term;
  }

  get #majority(): number {
    return Math.floor(this.#clients.length / 2) + 1;
  }

  async #ask(question: (client: Redis) => Promise<unknown>): Promise<number[]> {
    const answers = await Promise.allSettled(this.#clients.map(question));
    const given = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => Number(value));
    if (given.length < this.#majority) throw new DiscadorError('redis_down', 'no majority of the lock servers answers', { retry: 'later' });
    return given;
  }
}
