import { eventMessage } from '@discador/bus/event-publisher';
import type { Publisher } from '@discador/bus/publisher';
import { campaignEvent, type CampaignEvent } from '@discador/contracts/events/campaign-events';
import { eventId } from '@discador/contracts/events/envelope';
import type { Database } from '@discador/postgres/database';
import { deleteFromCampaignOutbox, readCampaignOutbox, type CampaignOutboxRow } from '@discador/postgres/sql/campaign-outbox';
import type { Logger } from 'pino';

export interface CampaignRelayOptions {
  database: Database;
  publisher: Publisher;
  log: Logger;
  onPublished(type: CampaignEvent['type']): void;
}

const EVERY_MS = 250;
/** People start and pause campaigns: more than this at once is a backlog, and waits for the next round. */
const BATCH = 100;

/** Brings what happened to campaigns from the outbox to the bus: in order, each confirmed before the next is sent and before its row goes.
 *  At least once, under the same id: who dies in between leaves the row, and so does a former leader that still runs. */
export class CampaignRelay {
  readonly #options: CampaignRelayOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: CampaignRelayOptions) {
    this.#options = options;
  }

  /** @param trusted whether this replica leads, asked before each round */
  start(trusted: () => boolean): void {
    const { publisher, log } = this.#options;
    clearInterval(this.#timer);
    let busy = false;
    this.#timer = setInterval(() => {
      if (busy || !trusted() || !publisher.up) return;
      busy = true;
      this.#round = this.#relay()
        .catch((error: unknown) => log.debug({ err: error }, 'events of campaigns wait'))
        .finally(() => (busy = false));
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #relay(): Promise<void> {
    const { database, publisher, onPublished } = this.#options;
    const confirmed: string[] = [];
    try {
      for (const row of await readCampaignOutbox(database, BATCH)) {
        await publisher.publish(eventMessage(toEvent(row)));
        confirmed.push(row.position);
        onPublished(row.type);
      }
    } finally {
      if (confirmed.length > 0) await deleteFromCampaignOutbox(database, confirmed);
    }
  }
}

function toEvent({ row_id, type, campaign_id, name, at }: CampaignOutboxRow): CampaignEvent {
  return campaignEvent(type, eventId('campaign', row_id), at.toISOString(), { campaignId: campaign_id, name });
}
