import type pg from 'pg';
import { v7 as uuid } from 'uuid';

export interface SeedOptions {
  contacts?: number;
  status?: string;
  maxAttempts?: number;
  windowFrom?: string;
  windowTo?: string;
  phones?: (index: number) => string[];
}

/** A campaign with contacts due now, for tests. */
export async function seedCampaign(pool: pg.Pool, options: SeedOptions = {}): Promise<{ campaignId: string; contactIds: string[] }> {
  const campaignId = uuid();
  await pool.query(
    `INSERT INTO campaigns (campaign_id, name, status, mode, queue, max_channels, window_from, window_to, max_attempts)
     VALUES ($1, 'test', $2, 'progressive', 'demo', 1000, $3, $4, $5)`,
    [campaignId, options.status ?? 'active', options.windowFrom ?? '00:00', options.windowTo ?? '24:00', options.maxAttempts ?? 3],
  );
  const phones = options.phones ?? ((index) => [`+5511${String(900_000_000 + index)}`]);
  const contactIds: string[] = [];
  for (let index = 0; index < (options.contacts ?? 10); index++) {
    const contactId = uuid();
    contactIds.push(contactId);
    await pool.query('INSERT INTO contacts (contact_id, campaign_id, phones) VALUES ($1, $2, $3)', [contactId, campaignId, phones(index)]);
  }
  return { campaignId, contactIds };
}

export const newIds = (count: number): string[] => Array.from({ length: count }, () => uuid());
