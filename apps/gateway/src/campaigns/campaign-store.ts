import { DiscadorError } from '@discador/contracts/discador-error';
import type { CampaignCreate, CampaignListQuery, CampaignPatch } from '@discador/contracts/http/campaigns';
import { sqlStateOf, type Administration } from '@discador/postgres/entities/administration';
import { Campaign } from '@discador/postgres/entities/campaign';
import { Trunk } from '@discador/postgres/entities/trunk';
import { NOTE_CAMPAIGN_EVENT } from '@discador/postgres/sql/campaign-outbox';
import { LessThan, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { patchErrors, transition, type CampaignCommand } from './campaign-rules.ts';

const INVALID_PARAMETER_VALUE = '22023';
const EVENT_OF = { start: 'campaign.started', pause: 'campaign.paused', finish: 'campaign.finished' } as const;

/** Campaigns in PostgreSQL. Every change takes the campaign's row, so that two people never overwrite each other's check; what the bus shall know
 *  of it is noted in the same transaction. */
export class CampaignStore {
  readonly #administration: Administration;

  constructor(administration: Administration) {
    this.#administration = administration;
  }

  /** @returns up to `limit + 1` campaigns, the newest first: one more than asked tells that there is another page */
  list({ limit, cursor, status }: CampaignListQuery): Promise<Campaign[]> {
    return this.#administration.run((on) =>
      on.find(Campaign, {
        where: { ...(status && { status }), ...(cursor && { campaignId: LessThan(cursor) }) },
        order: { campaignId: 'DESC' },
        take: limit + 1,
      }),
    );
  }

  /** @throws DiscadorError `not_found` */
  get(campaignId: string): Promise<Campaign> {
    return this.#administration.run((on) => find(on, campaignId));
  }

  /** @throws DiscadorError `invalid_input` for a trunk or a time zone that is not there */
  create(values: CampaignCreate): Promise<Campaign> {
    const campaignId = v7();
    return this.#administration.transaction(async (on) => {
      await checkReferences(on, values);
      await on.insert(Campaign, { campaignId, ...values });
      await on.query(NOTE_CAMPAIGN_EVENT, ['campaign.created', campaignId]);
      return find(on, campaignId);
    });
  }

  /** Changes settings of a campaign that has not finished.
   *  @throws DiscadorError `not_found`; `conflict` when finished, or when the field is fixed while active; `invalid_input` */
  patch(campaignId: string, patch: CampaignPatch): Promise<Campaign> {
    return this.#administration.transaction(async (on) => {
      const current = await take(on, campaignId);
      if (current.status === 'finished') throw new DiscadorError('conflict', 'A finished campaign is not changed any more.');
      refuse(patchErrors(current, patch));
      await checkReferences(on, patch);
      if (Object.keys(patch).length > 0) await on.update(Campaign, { campaignId }, { ...patch, updatedAt: () => 'now()' });
      return find(on, campaignId);
    });
  }

  /** Starts, pauses or finishes a campaign; repeating a command changes nothing.
   *  @throws DiscadorError `not_found`, `conflict` */
  command(campaignId: string, command: CampaignCommand): Promise<Campaign> {
    return this.#administration.transaction(async (on) => {
      const current = await take(on, campaignId);
      const step = transition(current, command);
      if ('refused' in step) throw new DiscadorError('conflict', step.refused);
      if (step.to === current.status) return current;
      await on.update(Campaign, { campaignId }, {
        status: step.to,
        updatedAt: () => 'now()',
        ...(command === 'start' && { startedAt: () => 'coalesce(started_at, now())' }),
        ...(command === 'finish' && { finishedAt: () => 'now()' }),
      });
      await on.query(NOTE_CAMPAIGN_EVENT, [EVENT_OF[command], campaignId]);
      return find(on, campaignId);
    });
  }

  /** Deletes a campaign with its contacts, imports and counters. Its attempts stay in the ledger.
   *  @throws DiscadorError `not_found`; `conflict` while it is active or has open attempts */
  async remove(campaignId: string): Promise<void> {
    await this.#administration.transaction(async (on) => {
      const { status } = await take(on, campaignId);
      if (status === 'active') throw new DiscadorError('conflict', 'An active campaign is not deleted; pause it first.');
      // The row is held: a claim that was under way has committed its open attempts by now, and no other can begin.
      const open = await on.query('SELECT 1 FROM open_attempts WHERE campaign_id = $1 LIMIT 1', [campaignId]);
      if (open.length > 0) throw new DiscadorError('conflict', 'It still has calls that have not ended; try again when they have.');
      await on.delete(Campaign, { campaignId });
      await on.query('DELETE FROM campaign_counters WHERE campaign_id = $1', [campaignId]);
      await on.query('DELETE FROM campaign_deltas WHERE campaign_id = $1', [campaignId]);
    });
  }
}

async function find(on: EntityManager, campaignId: string): Promise<Campaign> {
  return (await on.findOneBy(Campaign, { campaignId })) ?? missing();
}

async function take(on: EntityManager, campaignId: string): Promise<Campaign> {
  return (await on.findOne(Campaign, { where: { campaignId }, lock: { mode: 'pessimistic_write' } })) ?? missing();
}

function missing(): never {
  throw new DiscadorError('not_found', 'There is no such campaign.');
}

function refuse(errors: ReturnType<typeof patchErrors>): void {
  if (errors.length === 0) return;
  const active = errors.some((error) => error.code === 'active');
  throw new DiscadorError(active ? 'conflict' : 'invalid_input', 'The campaign cannot be changed like this.', { details: { errors } });
}

/** What only the database knows: its trunks, and the time zones it can calculate with. */
async function checkReferences(on: EntityManager, { trunk, timeZone }: CampaignPatch): Promise<void> {
  if (trunk !== undefined && !(await on.existsBy(Trunk, { name: trunk }))) unknown('trunk', 'there is no such trunk');
  if (timeZone === undefined) return;
  try {
    await on.query('SELECT now() AT TIME ZONE $1', [timeZone]);
  } catch (error) {
    if (sqlStateOf(error) === INVALID_PARAMETER_VALUE) unknown('timeZone', 'the database does not know this time zone');
    throw error;
  }
}

function unknown(field: string, message: string): never {
  throw new DiscadorError('invalid_input', 'The body is not valid.', { details: { errors: [{ field, code: 'not_found', message }] } });
}
