import type { Database, Queryable } from '@discador/postgres/database';
import { columnsOf, type RecordKind } from './record-kinds.ts';
import { NOTHING_YET, type Position } from './where-to-read.ts';

const SAVE = `
INSERT INTO pbx_record_positions (pbx, file, file_id, byte_offset, caught_up_at) VALUES ($1, $2, $3::bigint, $4::bigint, $5::timestamptz)
    ON CONFLICT (pbx, file) DO UPDATE
   SET file_id = excluded.file_id, byte_offset = excluded.byte_offset, caught_up_at = coalesce(excluded.caught_up_at, pbx_record_positions.caught_up_at)`;

export interface Shipment {
  /** of the file that the position names; null where a line was no record */
  rows: ReturnType<RecordKind['row']>[];
  position: Position;
  /** what `now` gave before the end of the file was seen; null when there is more */
  caughtUpAt: string | null;
}

/** Where the records of one file of one PBX go. */
export class RecordStore {
  readonly #database: Database;
  readonly #pbx: string;
  readonly #kind: RecordKind;

  constructor(database: Database, pbx: string, kind: RecordKind) {
    this.#database = database;
    this.#pbx = pbx;
    this.#kind = kind;
  }

  /** @returns the database's clock, as text with its microseconds */
  async now(): Promise<string> {
    const { rows } = await this.#database.query<{ now: string }>({ name: 'clock', text: 'SELECT clock_timestamp()::text AS now' });
    return rows[0]?.now ?? '';
  }

  async position(): Promise<Position> {
    const text = 'SELECT file_id::text AS identity, byte_offset::text AS offset FROM pbx_record_positions WHERE pbx = $1 AND file = $2';
    const { rows } = await this.#database.query<{ identity: string; offset: string }>({ text, values: [this.#pbx, this.#kind.file] });
    const row = rows[0];
    return row ? { identity: row.identity, byteOffset: Number(row.offset) } : NOTHING_YET;
  }

  /** Loads rows and moves the position in one transaction: neither is ever there without the other. */
  async save(shipment: Shipment): Promise<void> {
    await this.#database.transaction(async (on) => {
      await this.#insert(on, shipment);
      const { position, caughtUpAt } = shipment;
      const values = [this.#pbx, this.#kind.file, position.identity, position.byteOffset, caughtUpAt];
      await on.query({ name: `save-${this.#kind.file}-position`, text: SAVE, values });
    });
  }

  async #insert(on: Queryable, { rows, position }: Shipment): Promise<void> {
    const records = rows.filter((row) => row !== null);
    if (records.length === 0) return;
    await on.query({ name: `insert-${this.#kind.file}`, text: this.#kind.insert, values: [this.#pbx, position.identity, ...columnsOf(records)] });
  }
}
