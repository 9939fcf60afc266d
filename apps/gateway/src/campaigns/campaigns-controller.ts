import * as http from '@discador/contracts/http/campaigns';
import { toPage, type Page } from '@discador/contracts/http/paging';
import type { Campaign } from '@discador/postgres/entities/campaign';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, Problems } from '../http/documented.ts';
import type { CampaignCommand } from './campaign-rules.ts';
import { CampaignStatistics } from './campaign-statistics.ts';
import { CampaignStore } from './campaign-store.ts';
import { campaignView } from './campaign-view.ts';

const id = { schema: z.uuid() };

@ApiTags('campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  readonly #store: CampaignStore;
  readonly #statistics: CampaignStatistics;

  constructor(store: CampaignStore, statistics: CampaignStatistics) {
    this.#store = store;
    this.#statistics = statistics;
  }

  @Get()
  @ApiOperation({ operationId: 'listCampaigns', summary: 'Campaigns, the newest first' })
  @Answers(200, http.campaignPageSchema)
  @Problems(400)
  async list(@Query({ schema: http.campaignListQuery }) query: http.CampaignListQuery): Promise<Page<http.Campaign>> {
    const page = toPage(await this.#store.list(query), query.limit, (campaign) => campaign.campaignId);
    const countersOf = await this.#statistics.counters(page.items.map((campaign) => campaign.campaignId));
    return { ...page, items: page.items.map((campaign) => campaignView(campaign, countersOf(campaign.campaignId))) };
  }

  @Post()
  @ApiOperation({ operationId: 'createCampaign', summary: 'Create a campaign, as a draft' })
  @Answers(201, http.campaignSchema, 'Created')
  @Problems(400, 413, 415, 422)
  async create(@Body({ schema: http.campaignCreateSchema }) body: http.CampaignCreate): Promise<http.Campaign> {
    return this.#view(await this.#store.create(body));
  }

  @Get(':campaignId')
  @ApiOperation({ operationId: 'getCampaign', summary: 'One campaign: settings and totals' })
  @Answers(200, http.campaignSchema)
  @Problems(400, 404)
  async get(@Param('campaignId', id) campaignId: string): Promise<http.Campaign> {
    return this.#view(await this.#store.get(campaignId));
  }

  @Patch(':campaignId')
  @ApiOperation({ operationId: 'changeCampaign', summary: 'Change settings; mode, queue and trunk not while it is active' })
  @Answers(200, http.campaignSchema)
  @Problems(400, 404, 409, 413, 415, 422)
  async change(@Param('campaignId', id) campaignId: string, @Body({ schema: http.campaignPatchSchema }) body: http.CampaignPatch): Promise<http.Campaign> {
    return this.#view(await this.#store.patch(campaignId, body));
  }

  @Delete(':campaignId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteCampaign', summary: 'Delete a campaign with its contacts; not while it is active or has open calls' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(400, 404, 409)
  async remove(@Param('campaignId', id) campaignId: string): Promise<void> {
    await this.#store.remove(campaignId);
  }

  @Post(':campaignId/start')
  @HttpCode(200)
  @ApiOperation({ operationId: 'startCampaign', summary: 'Begin, or go on, dialling' })
  @Answers(200, http.campaignSchema)
  @Problems(400, 404, 409)
  start(@Param('campaignId', id) campaignId: string): Promise<http.Campaign> {
    return this.#command(campaignId, 'start');
  }

  @Post(':campaignId/pause')
  @HttpCode(200)
  @ApiOperation({ operationId: 'pauseCampaign', summary: 'Place no new calls; those in flight go on' })
  @Answers(200, http.campaignSchema)
  @Problems(400, 404, 409)
  pause(@Param('campaignId', id) campaignId: string): Promise<http.Campaign> {
    return this.#command(campaignId, 'pause');
  }

  @Post(':campaignId/finish')
  @HttpCode(200)
  @ApiOperation({ operationId: 'finishCampaign', summary: 'End a campaign for good, whatever is left in it' })
  @Answers(200, http.campaignSchema)
  @Problems(400, 404, 409)
  finish(@Param('campaignId', id) campaignId: string): Promise<http.Campaign> {
    return this.#command(campaignId, 'finish');
  }

  async #command(campaignId: string, command: CampaignCommand): Promise<http.Campaign> {
    return this.#view(await this.#store.command(campaignId, command));
  }

  async #view(campaign: Campaign): Promise<http.Campaign> {
    const countersOf = await this.#statistics.counters([campaign.campaignId]);
    return campaignView(campaign, countersOf(campaign.campaignId));
  }
}
