import type { Contact as ContactView, ContactListQuery } from '@discador/contracts/http/contacts';
import type { Administration } from '@discador/postgres/entities/administration';
import type { Campaign } from '@discador/postgres/entities/campaign';
import { Contact } from '@discador/postgres/entities/contact';
import { MoreThan } from 'typeorm';

/** Contacts of a campaign, in the order of their ids, which is that of their import. */
export class ContactStore {
  readonly #administration: Administration;

  constructor(administration: Administration) {
    this.#administration = administration;
  }

  /** @returns up to `limit + 1` contacts */
  list(campaignId: string, { limit, cursor, status }: ContactListQuery): Promise<Contact[]> {
    return this.#administration.run((on) =>
      on.find(Contact, {
        where: { campaignId, ...(status && { status }), ...(cursor && { contactId: MoreThan(cursor) }) },
        order: { contactId: 'ASC' },
        take: limit + 1,
      }),
    );
  }
}

/** A contact as the API shows it; `maxAttempts` is its own or the campaign's. */
export function contactView(contact: Contact, campaign: Campaign): ContactView {
  const { contactId, campaignId, name, phones, status, result, attempts, priority } = contact;
  const waiting = status === 'ready' || status === 'retry';
  return {
    contactId, campaignId, name, phones,
    nextPhone: phones[contact.nextPhone - 1] ?? '',
    status, result, attempts,
    maxAttempts: contact.maxAttempts ?? campaign.maxAttempts,
    priority,
    lastAttemptAt: contact.lastAttemptAt?.toISOString() ?? null,
    dueAt: waiting ? contact.dueAt.toISOString() : null,
  };
}
