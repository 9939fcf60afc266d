import { READ_TYPES } from '@discador/asterisk/ari/ari-event';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface MonitorGauges {
  connected(): boolean;
  publishing(): boolean;
  active(): number;
  buffered(): number;
}

const COUNTED = new Set([...READ_TYPES, 'malformed']);

/** What the monitor measures. Events are counted in a plain map and handed over when asked: a labelled counter costs more than the event. */
export function monitorMetrics(registry: Registry, gauges: MonitorGauges) {
  const registers = [registry];
  const seen = new Map<string, number>();
  new Counter({
    name: 'discador_ari_events_total',
    help: 'events received from the PBX',
    labelNames: ['type'] as const,
    registers,
    collect() {
      this.reset();
      for (const [type, count] of seen) this.inc({ type }, count);
    },
  });
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({ name, help, registers, collect() { this.set(value()); } });
  };
  gauge('discador_ari_connected', '1 while the event stream is open', () => Number(gauges.connected()));
  gauge('discador_ari_publishing', '1 while this replica publishes the events', () => Number(gauges.publishing()));
  gauge('discador_calls_active', 'calls going on, as the events tell', gauges.active);
  gauge('discador_call_events_buffered', 'events not yet confirmed by the broker, or held ready by a standby', gauges.buffered);
  return {
    countEvent(type: string): void {
      const label = COUNTED.has(type) ? type : 'other';
      seen.set(label, (seen.get(label) ?? 0) + 1);
    },
    unobservedSeconds: new Counter({ name: 'discador_pbx_unobserved_seconds_total', help: 'time in which no replica certainly saw the events of the PBX; told by the one that publishes next', registers }),
    connections: new Counter({ name: 'discador_ari_connections_total', help: 'event streams opened', registers }),
    publishFailures: new Counter({ name: 'discador_call_events_publish_failures_total', help: 'publishes that have to be repeated', registers }),
    dropped: new Counter({ name: 'discador_call_events_dropped_total', help: 'events given up because the buffer was full', registers }),
    publishSeconds: new Histogram({
      name: 'discador_call_event_publish_seconds',
      help: 'from the PBX event to the broker confirm',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
      registers,
    }),
  };
}
