import { EVENT_TYPES, type EventType } from '@discador/contracts/events/catalogue';

export type Family = EventType extends `${infer F}.${string}` ? F : never;

/** What a family is about, and whom the last word of its routing keys names. */
export const FAMILIES: Readonly<Record<Family, { title: string; summary: string; word: string; whom: string }>> = {
  call: { title: 'Calls', summary: 'Every call of the PBX, ours and others.', word: 'campaign', whom: 'id of the campaign, or `none` when the call is no campaign’s' },
  agent: { title: 'Agents', summary: 'Who serves a queue, and what they do.', word: 'agent', whom: 'the agent, `PJSIP/1001` as `PJSIP_1001`' },
  queue: { title: 'Queues', summary: 'Callers who wait for agents.', word: 'queue', whom: 'the queue' },
  extension: { title: 'Extensions', summary: 'Telephones of the PBX.', word: 'extension', whom: 'the extension' },
  campaign: { title: 'Campaigns', summary: 'Started and stopped by people, or finished.', word: 'campaign', whom: 'id of the campaign' },
  slice: { title: 'Slices', summary: 'Shares of the calls to place now, cut by the master and worked by workers.', word: 'campaign', whom: 'id of the campaign' },
  pbx: { title: 'PBXs', summary: 'Whether a PBX is seen, and when it was not.', word: 'pbx', whom: 'the PBX' },
};

export const FAMILY_NAMES = Object.keys(FAMILIES) as Family[];

/** The types of a family, in the order of the catalogue. */
export function typesOf(family: Family): EventType[] {
  return EVENT_TYPES.filter((type) => type.startsWith(`${family}.`));
}
