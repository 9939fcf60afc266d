import type { Extension, Extensions } from '@discador/domain/agents/fold-extension-event';
import type { Database } from '@discador/postgres/database';
import { seePbx } from '@discador/postgres/sql/housekeeping/see-pbx';
import { storeExtensions, sweepExtensions, type ExtensionRow } from '@discador/postgres/sql/housekeeping/store-extensions';
import type { PbxObserver } from './pbx-observer.ts';

/** Brings what is known of one PBX and its extensions into PostgreSQL. */
export class PbxStore {
  readonly #database: Database;
  readonly #pbx: string;
  readonly #timeZone: string;
  #stored: Extensions = new Map();

  /** @param timeZone IANA name of the PBX's zone */
  constructor(database: Database, pbx: string, timeZone: string) {
    this.#database = database;
    this.#pbx = pbx;
    this.#timeZone = timeZone;
  }

  /** Stores the extensions that changed since the last time. */
  async storeChanges(extensions: Extensions): Promise<void> {
    if (extensions === this.#stored) return;
    const changed = [...extensions].filter(([number, extension]) => this.#stored.get(number) !== extension);
    if (changed.length > 0) await storeExtensions(this.#database, this.#pbx, changed.map(toRow));
    this.#stored = extensions;
  }

  /** Stores every extension of a complete list, and marks those that are not in it. */
  async sweep(extensions: Extensions): Promise<void> {
    await storeExtensions(this.#database, this.#pbx, [...extensions].map(toRow));
    await sweepExtensions(this.#database, this.#pbx, [...extensions.keys()]);
    this.#stored = extensions;
  }

  /** Notes that the PBX answers. */
  async see(observer: PbxObserver): Promise<void> {
    if (observer.startedAt !== null) await seePbx(this.#database, this.#pbx, observer.startedAt, this.#timeZone);
  }
}

function toRow([number, { registered, busyLines, lastActivityMs }]: [string, Extension]): ExtensionRow {
  return { number, registered, line1Busy: busyLines > 0, line2Busy: busyLines > 1, lastActivityMs };
}
