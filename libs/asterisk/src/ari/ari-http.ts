import type { BridgeMembers, ChannelSnapshot } from '@discador/domain/calls/channel-event';
import { DiscadorError } from '@discador/contracts/discador-error';
import { parseAriUrl, type AriAddress } from './ari-address.ts';
import { parseBridge, parseChannel } from './ari-event.ts';

export interface AsteriskInfo {
  readonly version: string;
  readonly systemName: string;
  /** When this Asterisk process started, epoch milliseconds of its own clock; changes at a restart. Null when it does not say. */
  readonly startedAt: number | null;
}

const DEFAULT_TIMEOUT_MS = 3_000;

/** The few questions that we ask over ARI's HTTP side; all read only. */
export class AriHttp {
  readonly #address: AriAddress;
  readonly #timeoutMs: number;

  /** @param url  `http://user:secret@host:port`; @param timeoutMs  per request, default 3,000 */
  constructor(url: string, timeoutMs: number = DEFAULT_TIMEOUT_MS) {
    this.#address = parseAriUrl(url);
    this.#timeoutMs = timeoutMs;
  }

  /** @throws DiscadorError `ari_down`, also while Asterisk is starting: until its modules are loaded it answers 404, then 503 until it is done */
  async info(): Promise<AsteriskInfo> {
    const info = (await this.#get('/asterisk/info?only=system,status,config')) as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | null;
    if (info === null) throw this.#away('it is not loaded yet');
    const startedAt = Date.parse(String(info['status']?.['startup_time']));
    return {
      version: String(info['system']?.['version'] ?? ''),
      systemName: String(info['config']?.['name'] ?? ''),
      startedAt: Number.isNaN(startedAt) ? null : startedAt,
    };
  }

  /** @returns every channel of the PBX; @throws DiscadorError `ari_down` */
  async channels(): Promise<ChannelSnapshot[]> {
    const list = await this.#get('/channels');
    if (!Array.isArray(list)) throw this.#away('the list of channels is no list');
    return list.map(parseChannel).filter((channel) => channel !== null);
  }

  /** @returns every bridge of the PBX; none where ARI has no such list; @throws DiscadorError `ari_down` */
  async bridges(): Promise<BridgeMembers[]> {
    const list = (await this.#get('/bridges')) ?? [];
    if (!Array.isArray(list)) throw this.#away('the list of bridges is no list');
    return list.map(parseBridge).filter((bridge) => bridge !== null);
  }

  /** @returns null when the PBX has no such channel; @throws DiscadorError `ari_down` */
  async channel(id: string): Promise<ChannelSnapshot | null> {
    return parseChannel(await this.#get(`/channels/${encodeURIComponent(id)}`));
  }

  /** @returns the body, null for 404 */
  async #get(path: string): Promise<unknown> {
    try {
      const response = await fetch(`${this.#address.base}${path}`, {
        // A connection of its own: one kept from an earlier look may be half-open, and would cost the whole time-out after a gap.
        headers: { authorization: this.#address.authorization, connection: 'close' },
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      if (response.ok) return await response.json();
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw this.#away(`HTTP status ${response.status}`);
    } catch (error) {
      if (error instanceof DiscadorError) throw error;
      throw this.#away(error instanceof Error ? error.message : String(error), error);
    }
  }

  #away(reason: string, cause?: unknown): DiscadorError {
    return new DiscadorError('ari_down', `ARI does not answer: ${reason}`, { retry: 'later', details: { reason }, cause });
  }
}
