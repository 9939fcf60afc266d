import { Counter, Gauge, type Registry } from 'prom-client';

export interface ShipperMetrics {
  shipped: Counter<'file'>;
  rejected: Counter<'file'>;
  behindBytes: Gauge<'file'>;
}

export function shipperMetrics(registry: Registry): ShipperMetrics {
  const labelNames = ['file'] as const;
  const registers = [registry];
  return {
    shipped: new Counter({ name: 'discador_pbx_records_shipped_total', help: 'Lines of the PBX loaded into PostgreSQL', labelNames, registers }),
    rejected: new Counter({ name: 'discador_pbx_records_rejected_total', help: 'Lines that are no record', labelNames, registers }),
    behindBytes: new Gauge({ name: 'discador_pbx_records_behind_bytes', help: 'Bytes of the file not yet loaded', labelNames, registers }),
  };
}
