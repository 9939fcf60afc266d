import { z } from 'zod';
import { envelopes } from './envelope.ts';

/** What the dialer does: campaigns as people start and stop them, and the slices that the master hands out. */

const campaign = z.object({ campaignId: z.uuid(), name: z.string().max(200) });
const slice = z.object({ sliceId: z.uuid(), campaignId: z.uuid(), term: z.int().positive(), quota: z.int().min(1).max(500) });

const dataByType = {
  'campaign.created': campaign,
  'campaign.started': campaign,
  'campaign.paused': campaign,
  'campaign.finished': campaign,
  /** The master has handed it out. */
  'slice.issued': slice,
  /** A worker has taken it, placed `used` calls and given it back. Taken again after a worker died, it is told again: the sum counts. */
  'slice.done': slice.extend({ used: z.int().min(0).max(500), worker: z.string().max(80) }),
} as const;

export type CampaignEventType = keyof typeof dataByType;

export const campaignEventSchemas = envelopes(dataByType, { campaignid: z.uuid() });

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
