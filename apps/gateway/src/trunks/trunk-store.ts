import type { Trunk as TrunkView, TrunkLimits } from '@discador/contracts/http/trunks';
import type { Administration } from '@discador/postgres/entities/administration';
import { Trunk } from '@discador/postgres/entities/trunk';

export class TrunkStore {
  readonly #administration: Administration;

  constructor(administration: Administration) {
    this.#administration = administration;
  }

  async list(): Promise<TrunkView[]> {
    const trunks = await this.#administration.run((on) => on.find(Trunk, { order: { name: 'ASC' } }));
    return trunks.map(trunkView);
  }

  set(name: string, limits: TrunkLimits): Promise<TrunkView> {
    return this.#administration.transaction(async (on) => {
      await on.upsert(Trunk, { name, ...limits, updatedAt: () => 'now()' }, ['name']);
      return trunkView(await on.findOneByOrFail(Trunk, { name }));
    });
  }
}

function trunkView({ name, maxChannels, callsPerSecond, updatedAt }: Trunk): TrunkView {
  return { name, maxChannels, callsPerSecond, updatedAt: updatedAt.toISOString() };
}
