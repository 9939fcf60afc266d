import { SLICES_QUEUE, type Slice } from '@discador/contracts/slice';
import type { EventPublisher } from '@discador/bus/event-publisher';
import type { Publisher } from '@discador/bus/publisher';
import { campaignEvent, type CampaignEvent } from '@discador/contracts/events/campaign-events';
import { eventId } from '@discador/contracts/events/envelope';
import { sliceQuotas } from '@discador/domain/slices/slice-quotas';
import type { CampaignOrder } from '@discador/domain/pacing/plan-pool';
import type { Database } from '@discador/postgres/database';
import { closeSlices } from '@discador/postgres/sql/close-slices';
import { issueSlices } from '@discador/postgres/sql/issue-slices';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import type { MasterMetrics } from './metrics.ts';

export interface SliceDeskOptions {
  database: Database;
  publisher: Publisher;
  /** best effort: the slices never wait for them */
  events: Pick<EventPublisher, 'publish'>;
  sliceLifeMs: number;
  log: Logger;
  metrics: MasterMetrics;
}

/** Turns orders into slices: written to PostgreSQL first, then published with confirms; what could not be published is void. */
export class SliceDesk {
  readonly #options: SliceDeskOptions;

  constructor(options: SliceDeskOptions) {
    this.#options = options;
  }

  /** Whether slices can be published now. */
  get open(): boolean {
    return this.#options.publisher.up;
  }

  /** @returns calls that are now in the hands of the workers */
  async issue(term: number, orders: CampaignOrder[]): Promise<number> {
    const { database, events, sliceLifeMs, metrics } = this.#options;
    const wanted = orders.flatMap(({ campaignId, n }) => sliceQuotas(n).map((quota) => ({ sliceId: uuid(), campaignId, quota })));
    if (wanted.length === 0 || !this.open) return 0;
    const slices = await issueSlices(database, term, sliceLifeMs / 1000, wanted);
    const results = await Promise.allSettled(slices.map((slice) => this.#publish(slice)));
    const lost = slices.filter((_, index) => results[index]?.status === 'rejected');
    if (lost.length > 0) {
      this.#options.log.warn({ slices: lost.length }, 'slices could not be published and are void');
      await closeSlices(database, lost.map((slice) => slice.sliceId));
    }
    metrics.slices.inc({ result: 'published' }, slices.length - lost.length);
    metrics.slices.inc({ result: 'void' }, lost.length);
    const issued = slices.filter((slice) => !lost.includes(slice));
    for (const slice of issued) events.publish(sliceIssued(slice));
    const calls = issued.reduce((sum, slice) => sum + slice.quota, 0);
    metrics.orderedCalls.inc(calls);
    return calls;
  }

  #publish(slice: Slice): Promise<void> {
    return this.#options.publisher.publish({
      exchange: '',
      routingKey: SLICES_QUEUE,
      content: Buffer.from(JSON.stringify(slice)),
      messageId: slice.sliceId,
      type: 'slice',
      mandatory: true,
    });
  }
}

function sliceIssued({ sliceId, campaignId, term, quota }: Slice): CampaignEvent {
  return campaignEvent('slice.issued', eventId('slice', sliceId, 'issued'), new Date().toISOString(), { sliceId, campaignId, term, quota });
}
