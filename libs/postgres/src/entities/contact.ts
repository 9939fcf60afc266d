import type { ContactStatus } from '@discador/contracts/http/contacts';
import type { Disposition } from '@discador/contracts/dispositions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `contacts`, for reading: the claim and the outcomes change it with statements of their own. */
@Entity('contacts')
export class Contact {
  @PrimaryColumn('uuid', { name: 'contact_id' })
  contactId!: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId!: string;

  @Column('text', { default: '' })
  name!: string;

  /** E.164 with +, the main one first */
  @Column('text', { array: true })
  phones!: string[];

  /** 1-based index into `phones` */
  @Column('smallint', { name: 'next_phone', default: 1 })
  nextPhone!: number;

  @Column('text', { default: 'ready' })
  status!: ContactStatus;

  @Column('text', { nullable: true })
  result!: Disposition | null;

  @Column('int', { default: 0 })
  attempts!: number;

  /** null: the campaign's */
  @Column('int', { name: 'max_attempts', nullable: true })
  maxAttempts!: number | null;

  @Column('smallint', { default: 0 })
  priority!: number;

  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  dueAt!: Date;

  @Column('timestamptz', { name: 'last_attempt_at', nullable: true })
  lastAttemptAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
