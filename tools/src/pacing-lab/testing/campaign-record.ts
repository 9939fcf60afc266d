import type { CampaignRecord } from '../replay/read-record.ts';

/** Ten minutes with one agent, who leaves after 149 s and wraps up for 5 s after each talk of 20 s; everybody answers after 5 s. */
export function campaignRecord(over: Partial<CampaignRecord> = {}): CampaignRecord {
  const roster = [{ at: 0, agent: 0, present: true }, { at: 149, agent: 0, present: false }];
  return {
    seconds: 600, answered: [{ at: 0, sec: 5 }], unanswered: [], talksSec: [20], abandons: 0, unreadable: 0,
    agents: { agents: 1, roster, staffedSec: 149, busySec: 100, wrapUpsSec: [5] }, ...over,
  };
}
