import type { CampaignCreate } from '@discador/contracts/http/campaigns';
import { Chance } from '../demo-data/chance.ts';
import { contactsCsv } from '../e2e/numbers.ts';
import type { Api } from '../start/api.ts';
import type { JudgedCampaign } from './types.ts';

/** Last three digits of the number → share: seconds until answered, talk in units of 2 s, outcome (contract 5). About 8 s a call on average. */
const LONG_CALLS: Record<string, number> = { '241': 50, '251': 15, '003': 13, '302': 8, '104': 5, '208': 5, '005': 2, '016': 2 };
/** About 4 s a call: leaves a run of a minute time to end. */
const SHORT_CALLS: Record<string, number> = { '121': 60, '021': 15, '003': 10, '102': 8, '104': 5, '005': 2 };

/** The trunk takes this many a second; about nine tenths of it are dialled, because permits come in steps. */
export const CALLS_PER_SECOND = 12;
/** No call within this of the one before to the same person. */
export const RETRY_DELAY_SEC = 60;

/** Half of the contacts may be called once, half three times, a minute apart; a tenth of each is for agents, the rest is agentless and
 *  fills the trunk, so that the dialling is steady: a hole in it is a fault's, not chance's. */
const PARTS: { name: string; share: number; settings: Partial<CampaignCreate> }[] = [
  { name: 'once', share: 0.45, settings: { mode: 'agentless', maxAttempts: 1 } },
  { name: 'again', share: 0.45, settings: { mode: 'agentless', maxAttempts: 3 } },
  { name: 'once, agents', share: 0.05, settings: { mode: 'progressive', queue: 'demo', maxAttempts: 1 } },
  { name: 'again, agents', share: 0.05, settings: { mode: 'progressive', queue: 'demo', maxAttempts: 3 } },
];

/** Creates the campaigns with contacts enough for `seconds`, and starts them.
 *  @param short  calls of about 4 s instead of 8 */
export async function startCampaigns(api: Api, seed: number, seconds: number, short: boolean): Promise<JudgedCampaign[]> {
  const chance = new Chance(seed);
  const contacts = Math.ceil(CALLS_PER_SECOND * (seconds + 60));
  await api.setTrunk('default', { maxChannels: 500, callsPerSecond: CALLS_PER_SECOND });
  const campaigns: JudgedCampaign[] = [];
  let serial = 0;
  for (const { name, share, settings } of PARTS) {
    const phones = Array.from({ length: Math.ceil(contacts * share) }, () => phone(serial++, chance.weighted(short ? SHORT_CALLS : LONG_CALLS)));
    campaigns.push(await createCampaign(api, { name, ...settings }, phones));
  }
  for (const { campaignId } of campaigns) await api.act(campaignId, 'start');
  return campaigns;
}

async function createCampaign(api: Api, settings: Partial<CampaignCreate> & { name: string }, phones: string[]): Promise<JudgedCampaign> {
  const defaults = { maxChannels: 300, windowFrom: '00:00', windowTo: '24:00', retryDelaySec: RETRY_DELAY_SEC, ringTimeoutSec: 6 } as const;
  const { campaignId } = await api.createCampaign({ ...defaults, ...settings });
  const { imported } = await api.importContacts(campaignId, contactsCsv(phones), campaignId);
  if (imported !== phones.length) throw new Error(`only ${imported} of ${phones.length} contacts were imported`);
  return { campaignId, maxAttempts: settings.maxAttempts ?? 1, retryDelayMs: RETRY_DELAY_SEC * 1000, imported };
}

/** A mobile number of São Paulo that no other contact has. */
const phone = (serial: number, digits: string): string => `+55119${String(serial).padStart(5, '0')}${digits}`;
