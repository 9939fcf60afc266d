import type { CampaignMode, CampaignPatch, CampaignStatus } from '@discador/contracts/http/campaigns';
import { OFFERED_MODES } from '@discador/contracts/http/campaigns';
import type { FieldError } from '@discador/contracts/http/problem';

export type CampaignCommand = 'start' | 'pause' | 'finish';

/** What the rules look at. */
export interface CampaignState {
  status: CampaignStatus;
  mode: CampaignMode;
  queue: string | null;
}

/** Status after a command, or why not. A command that changes nothing is repeated without harm. */
export type Transition = { to: CampaignStatus } | { refused: string };

const TARGET = { start: 'active', pause: 'paused', finish: 'finished' } as const;
const FROM: Record<CampaignCommand, readonly CampaignStatus[]> = {
  start: ['draft', 'paused'],
  pause: ['active'],
  finish: ['active', 'paused'],
};

/** Decides a command on a campaign. */
export function transition(campaign: CampaignState, command: CampaignCommand): Transition {
  const to = TARGET[command];
  if (campaign.status === to) return { to };
  if (!FROM[command].includes(campaign.status)) return { refused: `A campaign that is ${campaign.status} cannot ${command}.` };
  if (command === 'start') {
    if (!(OFFERED_MODES as readonly string[]).includes(campaign.mode)) return { refused: 'Its mode comes later; choose another one first.' };
    if (campaign.mode !== 'agentless' && campaign.queue === null) return { refused: 'It has no queue for the answered calls; set one first.' };
  }
  return { to };
}

/** Where the answered calls go and how they are paced: changing these under calls in flight would hand them to the wrong agents. */
const FIXED_WHILE_ACTIVE = ['mode', 'queue', 'trunk'] as const;

/** What forbids a change of settings: one entry per field; empty when it may be made. */
export function patchErrors(current: CampaignState & { trunk: string }, patch: CampaignPatch): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of FIXED_WHILE_ACTIVE) {
    const changes = patch[field] !== undefined && patch[field] !== current[field];
    if (changes && current.status === 'active') errors.push({ field, code: 'active', message: 'pause the campaign to change this' });
  }
  const mode = patch.mode ?? current.mode;
  const queue = patch.queue === undefined ? current.queue : patch.queue;
  if (mode !== 'agentless' && queue === null) errors.push({ field: 'queue', code: 'required', message: 'required unless mode is agentless' });
  return errors;
}
