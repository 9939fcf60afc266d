import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `trunks`: the limits that all campaigns on it share. */
@Entity('trunks')
export class Trunk {
  @PrimaryColumn('text')
  name!: string;

  @Column('int', { name: 'max_channels', default: 300 })
  maxChannels!: number;

  @Column('int', { name: 'calls_per_second', default: 20 })
  callsPerSecond!: number;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
