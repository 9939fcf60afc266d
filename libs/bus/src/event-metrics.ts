import type { EventType } from '@discador/contracts/events/catalogue';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What a service tells of the events that it publishes. Labels are bounded by the list of types.
 *  @param buffered  events held at the moment, all publishers of the process together */
export function eventMetrics(registry: Registry, buffered: () => number) {
  const registers = [registry];
  const labelNames = ['type'] as const;
  const published = new Counter({ name: 'discador_events_published_total', help: 'events confirmed by the broker', labelNames, registers });
  const dropped = new Counter({ name: 'discador_events_dropped_total', help: 'events given up because the buffer was full', labelNames, registers });
  new Gauge({ name: 'discador_events_buffered', help: 'events not confirmed yet, or held ready by a standby', registers, collect() { this.set(buffered()); } });
  return {
    onPublished: (type: EventType): void => published.inc({ type }),
    onDropped: (type: EventType): void => dropped.inc({ type }),
  };
}
