import { z } from 'zod';
import { envelopes } from './envelope.ts';

/** What the dialer does: campaigns as people start and stop them, and the slices that the master hands out. */

const campaignId = z.uuid().describe('Id of the campaign.');
const campaign = z.object({ campaignId, name: z.string().max(200).describe('Its name at that time.') });
const slice = z.object({
  sliceId: z.uuid().describe('Id of the slice.'),
  campaignId,
  term: z.int().positive().describe('Term of the master that handed it out: grows with each election.'),
  quota: z.int().min(1).max(500).describe('Calls that it allows.'),
});

const dataByType = {
  'campaign.created': campaign.describe('Somebody has made a campaign.'),
  'campaign.started': campaign.describe('The campaign dials from now on.'),
  'campaign.paused': campaign.describe('The campaign places no new calls; those under way go on.'),
  'campaign.finished': campaign.describe('The campaign is over.'),
  'slice.issued': slice.describe('The master has handed out a share of the calls to place now.'),
  'slice.done': slice
    .extend({ used: z.int().min(0).max(500).describe('Calls placed.'), worker: z.string().max(80).describe('Replica that had it.') })
    .describe('A worker has taken it, placed `used` calls and given it back. Taken again after a worker died, it is told again: the sum counts.'),
} as const;

export type CampaignEventType = keyof typeof dataByType;

export const campaignEventSchemas = envelopes(dataByType, { campaignid: campaignId });

export type CampaignEvent<T extends CampaignEventType = CampaignEventType> = z.infer<(typeof campaignEventSchemas)[T]>;
export type CampaignEventData<T extends CampaignEventType = CampaignEventType> = z.infer<(typeof dataByType)[T]>;

/** @param id  of what happened: the same when it is told again
 *  @param time  when, as an instant */
export function campaignEvent<T extends CampaignEventType>(type: T, id: string, time: string, data: CampaignEventData<T>): CampaignEvent<T> {
  const { campaignId } = data;
  const subject = 'sliceId' in data ? data.sliceId : campaignId;
  const attributes = { specversion: '1.0', id, source: `discador:campaign:${campaignId}`, type, subject, time, datacontenttype: 'application/json' };
  return { ...attributes, campaignid: campaignId, data } as CampaignEvent<T>;
}
