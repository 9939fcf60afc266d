import { z } from 'zod';
import { DISPOSITIONS } from '../dispositions.ts';
import { pageOf, pageQuery } from './paging.ts';

export const CONTACT_STATUSES = ['ready', 'dialing', 'retry', 'completed', 'failed'] as const;

const instant = z.iso.datetime();

export const contactSchema = z
  .object({
    contactId: z.uuid(),
    campaignId: z.uuid(),
    name: z.string(),
    phones: z.array(z.string()).meta({ description: 'E.164, the main one first' }),
    nextPhone: z.string().meta({ description: 'The one to dial next' }),
    status: z.enum(CONTACT_STATUSES),
    result: z.enum(DISPOSITIONS).nullable().meta({ description: 'How the last attempt ended' }),
    attempts: z.int().min(0),
    maxAttempts: z.int().min(1),
    priority: z.int(),
    lastAttemptAt: instant.nullable(),
    dueAt: instant.nullable().meta({ description: 'When it may be dialled next; null when it is not waiting' }),
  })
  .meta({ id: 'Contact' });

export const contactListQuery = pageQuery.extend({ status: z.enum(CONTACT_STATUSES).optional() });
export const contactPageSchema = pageOf(contactSchema).meta({ id: 'ContactPage' });

export type Contact = z.infer<typeof contactSchema>;
export type ContactStatus = (typeof CONTACT_STATUSES)[number];
export type ContactListQuery = z.infer<typeof contactListQuery>;
