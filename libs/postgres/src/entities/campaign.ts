import type { CampaignMode, CampaignStatus } from '@discador/contracts/http/campaigns';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `campaigns`. The schema, with its defaults and checks, is in migrations/. */
@Entity('campaigns')
export class Campaign {
  @PrimaryColumn('uuid', { name: 'campaign_id' })
  campaignId!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: 'draft' })
  status!: CampaignStatus;

  @Column('text', { default: 'progressive' })
  mode!: CampaignMode;

  @Column('text', { nullable: true })
  queue!: string | null;

  @Column('text', { default: 'default' })
  trunk!: string;

  @Column('text', { name: 'caller_id', nullable: true })
  callerId!: string | null;

  @Column('int', { name: 'max_channels', default: 10 })
  maxChannels!: number;

  @Column('double precision', { name: 'impulse_factor', default: 6 })
  impulseFactor!: number;

  @Column('double precision', { name: 'max_multiplier', default: 20 })
  maxMultiplier!: number;

  @Column('int', { name: 'average_call_time_sec', default: 180 })
  averageCallTimeSec!: number;

  /** HH:MM:SS, also 24:00:00 */
  @Column('time', { name: 'window_from', default: '09:00' })
  windowFrom!: string;

  @Column('time', { name: 'window_to', default: '21:00' })
  windowTo!: string;

  @Column('text', { name: 'time_zone', default: 'America/Sao_Paulo' })
  timeZone!: string;

  @Column('int', { name: 'max_attempts', default: 3 })
  maxAttempts!: number;

  @Column('int', { name: 'retry_delay_sec', default: 1800 })
  retryDelaySec!: number;

  @Column('int', { name: 'ring_timeout_sec', default: 28 })
  ringTimeoutSec!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
