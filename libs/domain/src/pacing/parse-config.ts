import { DiscadorError } from '@discador/contracts/discador-error';
import { tighten, LEGAL_PRESETS } from './legal-presets.ts';
import type { Campaign, CampaignFields, DialMode, PacingConfig } from './types.ts';

const MODES: readonly DialMode[] = ['preview', 'progressive', 'power', 'predictive', 'agentless', 'legacy'];
/** Share of the limit that is steered for: the rest is for chance. */
export const TARGET_OF_LIMIT = 2.68 / 3;
/** Defaults of campaigns in the API: without agents, or with many lines per agent, nothing else bounds the calls. */
const UNBOUNDED = { maxChannels: 10, maxMultiplier: 20 };
const MAX_LINES_PER_AGENT = 8;

/** The campaigns of a pool, defaults filled in.
 *  @throws DiscadorError `invalid_input`; message and `details.field` name the field */
export function parseConfig(config: PacingConfig): { campaigns: Campaign[]; maxChannels: number | null } {
  if (!isObject(config)) refuse('config', 'must be an object');
  const { campaigns, ...shared } = config;
  if (campaigns === undefined) return { campaigns: [campaign('campaign', 1, shared, '')], maxChannels: null };
  if (!Array.isArray(campaigns) || campaigns.length === 0) refuse('campaigns', 'must be a list of at least one');
  campaigns.forEach((fields, index) => isObject(fields) || refuse(`campaigns[${index}]`, 'must be an object'));
  const ids = campaigns.map(({ id }) => id);
  const parsed = campaigns.map(({ id, weight = 1, ...own }, index) => {
    const path = `campaigns[${index}].`;
    if (typeof id !== 'string' || id === '') refuse(`${path}id`, 'must be a text');
    if (ids.indexOf(id) !== index) refuse(`${path}id`, 'is used twice');
    between(`${path}weight`, weight, 0, 1e6);
    return campaign(id, weight, { ...shared, ...defined(own) }, path);
  });
  const maxChannels = shared.maxChannels ?? null;
  if (maxChannels !== null) whole('maxChannels', maxChannels);
  return { campaigns: parsed, maxChannels };
}

function campaign(id: string, weight: number, fields: CampaignFields, path: string): Campaign {
  const { mode } = fields;
  if (!mode || !MODES.includes(mode)) throw refusal(`${path}mode`, `must be one of ${MODES.join(', ')}`);
  const { legalPreset = null } = fields;
  if (legalPreset !== null && !Object.hasOwn(LEGAL_PRESETS, legalPreset)) refuse(`${path}legalPreset`, `must be one of ${Object.keys(LEGAL_PRESETS).join(', ')}`);
  const abandonLimit = between(`${path}abandonLimit`, fields.abandonLimit ?? 0.03, 0, 1);
  const graceSec = between(`${path}graceSec`, fields.graceSec ?? 2, 0, 60);
  if (legalPreset) tighten(legalPreset, { abandonLimit, graceSec });
  const unbounded = mode === 'legacy' || mode === 'agentless';
  const maxChannels = fields.maxChannels ?? (unbounded ? UNBOUNDED.maxChannels : null);
  if (maxChannels !== null) whole(`${path}maxChannels`, maxChannels);
  return {
    id,
    weight,
    mode,
    legalPreset,
    abandonLimit,
    abandonTarget: between(`${path}abandonTarget`, fields.abandonTarget ?? abandonLimit * TARGET_OF_LIMIT, 0, abandonLimit),
    graceSec,
    ringTimeoutSec: between(`${path}ringTimeoutSec`, fields.ringTimeoutSec ?? 28, 1, 300),
    maxChannels,
    linesPerAgent: between(`${path}linesPerAgent`, fields.linesPerAgent ?? 2, 0, 1000),
    impulseFactor: between(`${path}impulseFactor`, fields.impulseFactor ?? 6, 0, 1000),
    maxMultiplier: between(`${path}maxMultiplier`, fields.maxMultiplier ?? (mode === 'legacy' ? UNBOUNDED.maxMultiplier : MAX_LINES_PER_AGENT), 0, 1000),
  };
}

function between(field: string, value: number, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) refuse(field, `must be a number from ${least} to ${most}`);
  return value;
}

function whole(field: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) refuse(field, 'must be a whole number of calls');
}

function refuse(field: string, why: string): never {
  throw refusal(field, why);
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const refusal = (field: string, why: string): DiscadorError => new DiscadorError('invalid_input', `${field} ${why}`, { details: { field } });

/** Fields that are given: one that is there and undefined does not hide the shared one. */
const defined = <T extends object>(fields: T): Partial<T> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
