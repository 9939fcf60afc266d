import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `pbx_nodes`. */
@Entity('pbx_nodes')
export class PbxNode {
  @PrimaryColumn('text')
  name!: string;

  @Column('text', { default: 'active' })
  status!: 'active' | 'draining';

  @Column('int', { name: 'max_channels', default: 1000 })
  maxChannels!: number;

  @Column('timestamptz', { name: 'booted_at', nullable: true })
  bootedAt!: Date | null;

  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt!: Date | null;
}
