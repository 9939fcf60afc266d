import { setTimeout as sleep } from 'node:timers/promises';
import type { Campaign, CampaignCreate, CampaignMetrics } from '@discador/contracts/http/campaigns';
import { EXIT, StackError } from '../stack/stack-error.ts';

export interface ImportJob {
  id: string;
  status: 'running' | 'done' | 'failed';
  imported: number;
  rejected: number;
  errors: { line: number; column: string; code: string }[];
}

export interface SystemQueues {
  items: { queue: string; agents: { loggedIn: number; idle: number; busy: number }; waiting: number }[];
}

/** The gateway's API, as far as `npm start` and the benchmarks use it. */
export class Api {
  readonly #base: string;

  /** @param base e.g. `http://127.0.0.1:21407` */
  constructor(base: string) {
    this.#base = base;
  }

  setTrunk(name: string, limits: { maxChannels: number; callsPerSecond: number }): Promise<unknown> {
    return this.#json('PUT', `/v1/trunks/${name}`, limits);
  }

  createCampaign(campaign: CampaignCreate): Promise<Campaign> {
    return this.#json('POST', '/v1/campaigns', campaign);
  }

  campaign(id: string): Promise<Campaign> {
    return this.#json('GET', `/v1/campaigns/${id}`);
  }

  act(id: string, action: 'start' | 'pause' | 'finish'): Promise<Campaign> {
    return this.#json('POST', `/v1/campaigns/${id}/${action}`);
  }

  metrics(id: string): Promise<CampaignMetrics> {
    return this.#json('GET', `/v1/campaigns/${id}/metrics`);
  }

  queues(): Promise<SystemQueues> {
    return this.#json('GET', '/v1/system/queues');
  }

  /** Uploads a CSV and waits until all of it is imported. */
  async importContacts(campaignId: string, csv: Buffer, idempotencyKey: string): Promise<ImportJob> {
    const response = await fetch(`${this.#base}/v1/campaigns/${campaignId}/contacts/import?areaCode=11&fixOldMobiles=true`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': idempotencyKey },
      body: new Uint8Array(csv),
    });
    let job = await read<ImportJob>(response);
    while (job.status === 'running') {
      await sleep(100);
      job = await this.#json('GET', `/v1/imports/${job.id}`);
    }
    return job;
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(this.#base + path, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: AbortSignal.timeout(10_000) });
    return read<T>(response);
  }
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new StackError(`The API refused (${response.status})`, EXIT.failed, text.slice(0, 2000));
  return JSON.parse(text) as T;
}
