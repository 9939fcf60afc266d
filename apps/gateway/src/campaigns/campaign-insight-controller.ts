import { callPageSchema, type Call } from '@discador/contracts/http/calls';
import { campaignMetricsSchema, type CampaignMetrics } from '@discador/contracts/http/campaigns';
import { contactListQuery, contactPageSchema, type Contact, type ContactListQuery } from '@discador/contracts/http/contacts';
import { pageQuery, toPage, type Page, type PageQuery } from '@discador/contracts/http/paging';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CallStore } from '../calls/call-store.ts';
import { callView } from '../calls/call-view.ts';
import { Answers, Problems } from '../http/documented.ts';
import { LiveState } from '../live/live-state.ts';
import { callersInQueue } from '../live/queue-freshness.ts';
import { campaignMetrics } from './campaign-metrics.ts';
import { CampaignStatistics } from './campaign-statistics.ts';
import { CampaignStore } from './campaign-store.ts';
import { ContactStore, contactView } from './contact-store.ts';

const id = { schema: z.uuid() };

/** What can be looked at in a campaign: its metrics, contacts and calls. */
@ApiTags('campaigns')
@Controller('v1/campaigns/:campaignId')
export class CampaignInsightController {
  readonly #campaigns: CampaignStore;
  readonly #statistics: CampaignStatistics;
  readonly #contacts: ContactStore;
  readonly #calls: CallStore;
  readonly #live: LiveState;

  constructor(campaigns: CampaignStore, statistics: CampaignStatistics, contacts: ContactStore, calls: CallStore, live: LiveState) {
    this.#campaigns = campaigns;
    this.#statistics = statistics;
    this.#contacts = contacts;
    this.#calls = calls;
    this.#live = live;
  }

  @Get('metrics')
  @ApiOperation({ operationId: 'getCampaignMetrics', summary: 'Numbers of a campaign, now' })
  @Answers(200, campaignMetricsSchema)
  @Problems(400, 404)
  async metrics(@Param('campaignId', id) campaignId: string): Promise<CampaignMetrics> {
    const { queue } = await this.#campaigns.get(campaignId);
    const [countersOf, contactsByStatus, inFlight, recent, queues] = await Promise.all([
      this.#statistics.counters([campaignId]),
      this.#statistics.contactsByStatus(campaignId),
      this.#statistics.inFlight(campaignId),
      this.#statistics.recentCalls(campaignId),
      // The database's numbers are worth having without Redis.
      this.#live.queues().catch(() => []),
    ]);
    const now = Date.now();
    const answeredNow = callersInQueue(queue, queues, now);
    return campaignMetrics({ campaignId, now, counters: countersOf(campaignId), contactsByStatus, inFlight, recent, answeredNow });
  }

  @Get('contacts')
  @ApiOperation({ operationId: 'listContacts', summary: 'Contacts of a campaign' })
  @Answers(200, contactPageSchema)
  @Problems(400, 404)
  async contacts(@Param('campaignId', id) campaignId: string, @Query({ schema: contactListQuery }) query: ContactListQuery): Promise<Page<Contact>> {
    const campaign = await this.#campaigns.get(campaignId);
    const page = toPage(await this.#contacts.list(campaignId, query), query.limit, (contact) => contact.contactId);
    return { ...page, items: page.items.map((contact) => contactView(contact, campaign)) };
  }

  @Get('calls')
  @ApiOperation({ operationId: 'listCalls', summary: 'Calls of a campaign, the newest first' })
  @Answers(200, callPageSchema)
  @Problems(400, 404)
  async calls(@Param('campaignId', id) campaignId: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<Call>> {
    await this.#campaigns.get(campaignId);
    const rows = await this.#calls.ofCampaign(campaignId, { limit: query.limit, before: query.cursor });
    const page = toPage(rows, query.limit, (row) => row.attempt_id);
    return { ...page, items: page.items.map(callView) };
  }
}
