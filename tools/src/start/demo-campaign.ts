import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignCreate } from '@discador/contracts/http/campaigns';
import { REPO_ROOT } from '../stack/home.ts';
import type { StartOptions } from './options.ts';

/** The demo's campaign: the old dialer's pacing, any hour, retries within seconds so that it ends while one watches. What does not depend on
 *  options is in demo/campaign.json, which docker/demo.mjs reads too. */
export function demoCampaign({ rate, pbx }: Pick<StartOptions, 'rate' | 'pbx'>): CampaignCreate {
  const fixed = JSON.parse(readFileSync(join(REPO_ROOT, 'demo/campaign.json'), 'utf8')) as Omit<CampaignCreate, 'maxChannels'>;
  return { ...fixed, maxChannels: Math.max(60, rate * 10) * pbx };
}
