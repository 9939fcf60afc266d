import pg from 'pg';
import { type ProcessState, stateSchema } from '../stack/desired.ts';
import { HOST } from '../stack/addresses.ts';
import { type Home, readJson } from '../stack/home.ts';
import { type ServiceName, servicePort } from '../stack/port-block.ts';
import { askService } from '../stack/probes.ts';
import { LEADERS } from './plan-faults.ts';
import type { Process } from './types.ts';

/** A process that a fault may hit. */
export interface Actor {
  pid: number;
  replica: number;
  /** it leads, publishes, or has calls of its own: hitting it hurts */
  active: boolean;
}

/** Finds the replicas that matter now: the leader, the worker with the most open attempts. */
export class Actors {
  readonly #home: Home;
  readonly #portBase: number;
  readonly #db: pg.Pool;

  /** @param databaseUrl of the server itself: a proxy may be down */
  constructor(home: Home, portBase: number, databaseUrl: string) {
    this.#home = home;
    this.#portBase = portBase;
    this.#db = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 1000, query_timeout: 1000, idleTimeoutMillis: 1000 });
    this.#db.on('error', () => undefined);
  }

  /** The pid of a server or PBX; null while it is down. @param id as in the stack's state: `postgres`, `pbx1` */
  pidOf(id: string): number | null {
    return this.#processes().find((one) => one.id === id)?.process?.pid ?? null;
  }

  /** The replica of a service that is worth hitting, else any that runs; null when none runs. */
  async pick(service: Process): Promise<Actor | null> {
    const running = this.#processes().filter(({ kind, name, process: alive }) => kind === 'service' && name === service && alive !== null);
    if (service === 'campaign-worker') return this.#busiestWorker(running);
    const asked = await Promise.all(running.map(async (one) => ({ one, health: await askService(this.#healthUrl(one)) })));
    const found = asked.find(({ health }) => (LEADERS.includes(service) ? health.leader : health.ready));
    const actor = found?.one ?? running[0];
    return actor?.process ? { pid: actor.process.pid, replica: actor.replica, active: found !== undefined } : null;
  }

  async close(): Promise<void> {
    await this.#db.end().catch(() => undefined);
  }

  async #busiestWorker(running: ProcessState[]): Promise<Actor | null> {
    const open = await this.#openByWorker();
    const busiest = running
      .map((one) => ({ one, open: open.get(`campaign-worker-${one.replica}`) ?? 0 }))
      .sort((a, b) => b.open - a.open)[0];
    return busiest?.one.process ? { pid: busiest.one.process.pid, replica: busiest.one.replica, active: busiest.open > 0 } : null;
  }

  /** Open attempts of the last ten seconds by the worker that claimed them; empty when the database does not answer. */
  async #openByWorker(): Promise<Map<string, number>> {
    const sql = `SELECT worker_id, count(*)::int AS n FROM open_attempts JOIN call_attempts USING (attempt_id)
                  WHERE open_attempts.claimed_at > now() - interval '10 s' GROUP BY 1`;
    try {
      const { rows } = await this.#db.query<{ worker_id: string; n: number }>(sql);
      return new Map(rows.map((row) => [row.worker_id, row.n]));
    } catch {
      return new Map();
    }
  }

  #healthUrl({ name, replica }: ProcessState): string {
    return `http://${HOST}:${servicePort(this.#portBase, name as ServiceName, replica)}/health/ready`;
  }

  #processes(): ProcessState[] {
    return readJson(this.#home.stateFile, stateSchema)?.processes ?? [];
  }
}
