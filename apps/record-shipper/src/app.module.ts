import { Database } from '@discador/postgres/database';
import { appLifecycle } from '@discador/runtime/app-lifecycle';
import type { ServiceContext } from '@discador/runtime/service-context';
import { Module, type DynamicModule } from '@nestjs/common';
import { FileShipper } from './file-shipper.ts';
import { shipperMetrics } from './metrics.ts';
import { CDR, CEL, type RecordKind } from './record-kinds.ts';
import type { ShipperSettings } from './settings.ts';

@Module({})
export class RecordShipperModule {}

/** Wires one shipper for the CEL file and one for the CDR file of a PBX. */
export function createModule(context: ServiceContext<ShipperSettings>): DynamicModule {
  const { config, log, dependencies } = context;
  const name = `record-shipper-${context.replica}`;
  const database = new Database({ url: config.databaseUrl, name, log, state: dependencies.track('postgres'), maxConnections: 3 });
  const metrics = shipperMetrics(context.metrics);
  const ship = (kind: RecordKind, path: string): FileShipper =>
    new FileShipper({ kind, path, pbx: config.pbxName, database, pollMs: config.pollMs, log, metrics, state: dependencies.track(kind.file) });
  const shippers = [ship(CEL, config.celLog), ship(CDR, config.cdrCsv)];
  context.report.current = () => ({ details: { pbx: config.pbxName, ...Object.fromEntries(shippers.map((one) => [one.file, one.note])) } });

  const lifecycle = appLifecycle({
    log,
    start: () => [database, ...shippers].forEach((part) => part.start()),
    finish: [{ name: 'records in hand', run: () => Promise.all(shippers.map((shipper) => shipper.stop())) }],
    close: [() => database.close()],
  });
  return { module: RecordShipperModule, providers: [lifecycle] };
}
