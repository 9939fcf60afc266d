/** How many calls to place now, for the campaigns that share one pool of agents. Pure; the page for people is docs/pacing.md. */
export { apply } from './apply.ts';
export { callsToStart } from './calls-to-start.ts';
export { createState } from './create-state.ts';
export type { CampaignFields, Decision, DialMode, PacingConfig, PacingEvent, PacingEventType, PacingState } from './types.ts';
