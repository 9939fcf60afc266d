import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `extensions` (ramais); the MonitoringWorker writes it. */
@Entity('extensions')
export class Extension {
  @PrimaryColumn('text')
  pbx!: string;

  @PrimaryColumn('text')
  number!: string;

  @Column('text', { default: '' })
  name!: string;

  @Column('boolean', { name: 'line1_busy', default: false })
  line1Busy!: boolean;

  @Column('boolean', { name: 'line2_busy', default: false })
  line2Busy!: boolean;

  @Column('boolean', { default: false })
  registered!: boolean;

  @Column('timestamptz', { name: 'last_activity_at', nullable: true })
  lastActivityAt!: Date | null;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
