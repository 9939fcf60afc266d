import { z } from 'zod';
import { DISPOSITIONS } from '../dispositions.ts';
import { CONTACT_STATUSES } from './contacts.ts';
import { pageOf, pageQuery } from './paging.ts';

export const CAMPAIGN_STATUSES = ['draft', 'active', 'paused', 'finished'] as const;
export const CAMPAIGN_MODES = ['preview', 'progressive', 'power', 'predictive', 'agentless', 'legacy'] as const;
/** The modes that can be chosen today; the others are known and come later. */
export const OFFERED_MODES = ['progressive', 'legacy', 'agentless'] as const;

export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
export type CampaignMode = (typeof CAMPAIGN_MODES)[number];

function modeError(input: unknown): string {
  const known = (CAMPAIGN_MODES as readonly unknown[]).includes(input);
  return `${known ? 'this mode comes later' : 'not a mode'}; offered now: ${OFFERED_MODES.join(', ')}`;
}

/** Fixed offsets are refused: PostgreSQL reads the sign of `+03:00` the other way round. */
function zoneExists(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const clockEnd = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be HH:MM, at most 24:00');

/** What a person sets; the database holds the same defaults. */
const settings = {
  name: z.string().trim().min(1).max(200).regex(/^\P{Cc}*$/u, 'must not hold control characters'),
  mode: z.enum(OFFERED_MODES, { error: ({ input }) => (input === undefined ? undefined : modeError(input)) }),
  queue: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1–40 letters, digits, _ or -')
    .nullable()
    .meta({ description: 'Queue of agents that gets the answered calls; only an agentless campaign has none' }),
  trunk: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be 1–40 small letters, digits or -'),
  callerId: z.string().regex(/^\+?[0-9]{3,15}$/, 'must be 3–15 digits').nullable(),
  maxChannels: z.int().min(1).max(100_000),
  impulseFactor: z.number().positive().max(1000),
  maxMultiplier: z.number().positive().max(1000),
  averageCallTimeSec: z.int().min(1).max(86_400),
  windowFrom: clock.meta({ description: 'HH:MM in `timeZone`; from > to crosses midnight, from = to is the whole day' }),
  windowTo: clockEnd,
  timeZone: z.string().max(64).refine(zoneExists, 'must be a time zone name such as America/Sao_Paulo'),
  maxAttempts: z.int().min(1).max(100),
  retryDelaySec: z.int().min(0).max(2_592_000),
  ringTimeoutSec: z.int().min(5).max(120),
};

export const campaignPatchSchema = z.strictObject(settings).partial().meta({ id: 'CampaignPatch' });

export const campaignCreateSchema = z
  .strictObject({
    name: settings.name,
    mode: settings.mode.optional().meta({ default: 'progressive' }),
    queue: settings.queue.optional(),
    trunk: settings.trunk.optional().meta({ default: 'default' }),
    callerId: settings.callerId.optional(),
    maxChannels: settings.maxChannels.optional().meta({ default: 10 }),
    impulseFactor: settings.impulseFactor.optional().meta({ default: 6 }),
    maxMultiplier: settings.maxMultiplier.optional().meta({ default: 20 }),
    averageCallTimeSec: settings.averageCallTimeSec.optional().meta({ default: 180 }),
    windowFrom: settings.windowFrom.optional().meta({ default: '09:00' }),
    windowTo: settings.windowTo.optional().meta({ default: '21:00' }),
    timeZone: settings.timeZone.optional().meta({ default: 'America/Sao_Paulo' }),
    maxAttempts: settings.maxAttempts.optional().meta({ default: 3 }),
    retryDelaySec: settings.retryDelaySec.optional().meta({ default: 1800 }),
    ringTimeoutSec: settings.ringTimeoutSec.optional().meta({ default: 28 }),
  })
  .refine(({ mode, queue }) => mode === 'agentless' || typeof queue === 'string', {
    path: ['queue'],
    message: 'required unless mode is agentless',
    params: { code: 'required' },
  })
  .meta({ id: 'CampaignCreate' });

export type CampaignCreate = z.infer<typeof campaignCreateSchema>;
export type CampaignPatch = z.infer<typeof campaignPatchSchema>;

const count = z.int().min(0);
const rate = z.number().min(0).max(1).nullable().meta({ description: '0–1; null while nothing is there to divide by' });
const instant = z.iso.datetime();

export const campaignTotalsSchema = z
  .object({
    contacts: count,
    processed: count.meta({ description: 'Contacts with a final status' }),
    successful: count.meta({ description: 'Contacts that were reached' }),
    remaining: count,
    successRate: rate,
  })
  .meta({ id: 'CampaignTotals' });

export const campaignSchema = z
  .object({
    campaignId: z.uuid(),
    status: z.enum(CAMPAIGN_STATUSES),
    ...settings,
    mode: z.enum(CAMPAIGN_MODES),
    timeZone: z.string(),
    createdAt: instant,
    updatedAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    totals: campaignTotalsSchema,
  })
  .meta({ id: 'Campaign' });

export const campaignListQuery = pageQuery.extend({ status: z.enum(CAMPAIGN_STATUSES).optional() });
export const campaignPageSchema = pageOf(campaignSchema).meta({ id: 'CampaignPage' });

export const campaignMetricsSchema = z
  .object({
    campaignId: z.uuid(),
    at: instant,
    contacts: z.object({ total: count, byStatus: z.record(z.enum(CONTACT_STATUSES), count) }),
    attempts: z.object({ total: count, byDisposition: z.record(z.enum(DISPOSITIONS), count) }),
    inFlight: count.meta({ description: 'Attempts that have not ended' }),
    answeredNow: count.nullable().meta({
      description: "Callers of the campaign's queue that wait or talk right now; null when the PBX said nothing in the last 5 s, or without a queue",
    }),
    callsPerHour: z.number().min(0).meta({ description: 'Pace of the last five minutes, in calls per hour' }),
    averageCallTimeSec: z.number().min(0).nullable().meta({ description: 'From answer to end, over all answered calls' }),
    successRate: rate,
  })
  .meta({ id: 'CampaignMetrics' });

export type CampaignTotals = z.infer<typeof campaignTotalsSchema>;
export type Campaign = z.infer<typeof campaignSchema>;
export type CampaignListQuery = z.infer<typeof campaignListQuery>;
export type CampaignMetrics = z.infer<typeof campaignMetricsSchema>;
