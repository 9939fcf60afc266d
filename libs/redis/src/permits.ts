import type { Redis } from 'ioredis';

/** Permits to have a channel (per campaign, per trunk) and to start a call (per trunk and second), one member per attempt id in
 *  sorted sets scored by the moment of grant, so that a crashed worker leaks none: what PostgreSQL does not know as open is swept.
 *  While the marker is missing (Redis was flushed, or is new) every limit is 0 until `rebuild`. */
export interface PermitRequest {
  campaignId: string;
  campaignChannels: number;
  trunk: string;
  trunkChannels: number;
  /** calls per second of the trunk, in any sliding second */
  trunkRate: number;
  attemptIds: string[];
}

export interface PermitHolder {
  attemptId: string;
  campaignId: string;
  trunk: string;
}

const MARKER = 'discador:permit:ready';
const campaignKey = (campaignId: string): string => `discador:permit:channels:campaign:${campaignId}`;
const trunkKey = (trunk: string): string => `discador:permit:channels:trunk:${trunk}`;
const rateKey = (trunk: string): string => `discador:permit:rate:trunk:${trunk}`;

/** The window of the rate limit. Longer than a second by what the way from permit to PBX varies. */
const RATE_WINDOW_MS = 1050;
/** A permit without an open attempt is swept at this age: by then its slice has expired and no claim can use it. */
const ORPHAN_AGE_MS = 15_000;

// KEYS marker, campaign channels, trunk channels, trunk rate
// At most 0.3 of the rate per fifth of a second keeps a full second's calls from leaving in one burst; nothing under a tenth of
// the rate (or all that is asked for) is granted, because each grant costs a claim.
// ARGV campaign limit, trunk limit, rate limit, rate window ms, attempt ids…
// Output: -1 without marker, else how many of the ids were granted, the first ones
const ACQUIRE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - ARGV[4])
local rate = ARGV[3] - redis.call('ZCARD', KEYS[4])
local burst = math.ceil(ARGV[3] * 0.3) - redis.call('ZCOUNT', KEYS[4], now - 199, '+inf')
if math.min(rate, burst) < math.min(#ARGV - 4, math.ceil(ARGV[3] / 10)) then return 0 end
local free = math.min(#ARGV - 4, rate, burst, ARGV[1] - redis.call('ZCARD', KEYS[2]), ARGV[2] - redis.call('ZCARD', KEYS[3]))
for i = 1, free do
  for k = 2, 4 do redis.call('ZADD', KEYS[k], now, ARGV[4 + i]) end
end
if free > 0 then redis.call('PEXPIRE', KEYS[4], ARGV[4] * 2) end
return math.max(free, 0)`;

// KEYS marker, then one sorted set per attempt and kind; ARGV score, attempt ids in the same order
const REBUILD = `
for i = 2, #KEYS do redis.call('ZADD', KEYS[i], 'NX', ARGV[1], ARGV[i]) end
redis.call('SET', KEYS[1], ARGV[1])
return #KEYS - 1`;

export class Permits {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @returns how many of the ids, from the first, have a permit now; null while permits are being rebuilt
   *  @throws when Redis is away */
  async acquire(request: PermitRequest): Promise<number | null> {
    const keys = [MARKER, campaignKey(request.campaignId), trunkKey(request.trunk), rateKey(request.trunk)];
    const limits = [request.campaignChannels, request.trunkChannels, request.trunkRate, RATE_WINDOW_MS];
    const granted = Number(await this.#redis.eval(ACQUIRE, keys.length, ...keys, ...limits, ...request.attemptIds));
    return granted < 0 ? null : granted;
  }

  /** Gives back permits that were not used at all: the rate permit too. */
  async giveBack(campaignId: string, trunk: string, attemptIds: string[]): Promise<void> {
    if (attemptIds.length === 0) return;
    await this.#redis
      .multi()
      .zrem(campaignKey(campaignId), ...attemptIds)
      .zrem(trunkKey(trunk), ...attemptIds)
      .zrem(rateKey(trunk), ...attemptIds)
      .exec();
  }

  /** Frees the channels of ended attempts. */
  async release(ended: PermitHolder[]): Promise<void> {
    if (ended.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const [key, ids] of grouped(ended)) pipeline.zrem(key, ...ids);
    await pipeline.exec();
  }

  /** @returns whether limits are in force; false after a flush */
  async ready(): Promise<boolean> {
    return (await this.#redis.exists(MARKER)) === 1;
  }

  /** Puts the open attempts of the ledger back as permits and lets dialling go on. */
  async rebuild(open: PermitHolder[]): Promise<void> {
    const entries = [...grouped(open)].flatMap(([key, ids]) => ids.map((id) => [key, id] as const));
    const keys = [MARKER, ...entries.map(([key]) => key)];
    await this.#redis.eval(REBUILD, keys.length, ...keys, Date.now(), ...entries.map(([, id]) => id));
  }

  /** Frees permits whose attempt is not open: their worker died before the claim, or after the end.
   *  @param readOpen reads the ledger's open attempt ids; called after Redis was read, so that a claim in between is not taken for an orphan
   *  @returns how many were freed */
  async sweep(campaignIds: string[], trunks: string[], readOpen: () => Promise<Set<string>>): Promise<number> {
    const keys = [...campaignIds.map(campaignKey), ...trunks.map(trunkKey)];
    const oldest = Date.now() - ORPHAN_AGE_MS;
    const held = await Promise.all(keys.map((key) => this.#redis.zrangebyscore(key, '-inf', oldest)));
    if (held.every((ids) => ids.length === 0)) return 0;
    const open = await readOpen();
    let freed = 0;
    for (const [index, key] of keys.entries()) {
      const orphans = (held[index] ?? []).filter((id) => !open.has(id));
      if (orphans.length > 0) freed += await this.#redis.zrem(key, ...orphans);
    }
    return freed;
  }
}

function grouped(holders: PermitHolder[]): Map<string, string[]> {
  const byKey = new Map<string, string[]>();
  for (const holder of holders) {
    for (const key of [campaignKey(holder.campaignId), trunkKey(holder.trunk)]) {
      const ids = byKey.get(key);
      if (ids) ids.push(holder.attemptId);
      else byKey.set(key, [holder.attemptId]);
    }
  }
  return byKey;
}
