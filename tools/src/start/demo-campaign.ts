import type { CampaignCreate } from '@discador/contracts/http/campaigns';
import type { StartOptions } from './options.ts';

/** The demo's campaign: the old dialer's pacing, any hour, retries within seconds so that it ends while one watches. */
export function demoCampaign({ rate, pbx }: StartOptions): CampaignCreate {
  return {
    name: 'Demonstração',
    mode: 'legacy',
    queue: 'demo',
    maxChannels: Math.max(60, rate * 10) * pbx,
    impulseFactor: 10,
    windowFrom: '00:00',
    windowTo: '24:00',
    maxAttempts: 2,
    retryDelaySec: 5,
    ringTimeoutSec: 6,
    averageCallTimeSec: 5,
  };
}
