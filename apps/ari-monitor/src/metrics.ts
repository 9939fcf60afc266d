import { READ_TYPES } from '@discador/asterisk/ari/ari-event';
import type { CallEndedEvent } from '@discador/contracts/events/call-events';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SpoolOperation } from './spool/segment-writer.ts';
import type { Refusal } from './spool/spool.ts';

/** Why an event is not told: no room, or it cannot be read from the spool any more. */
export type DropReason = Refusal | 'unreadable';

/** What a feed shows at each question. */
export interface FeedGauges {
  readonly pbx: string;
  readonly connected: boolean;
  readonly publishes: boolean;
  readonly active: number;
  readonly buffered: number;
  readonly spool: { readonly bytes: number; readonly messages: number; readonly oldestAt: number | null };
  readonly publishingBroken: boolean;
}

const COUNTED = new Set([...READ_TYPES, 'malformed']);
const PUBLISH_SEC = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];
const CALL_SEC = [1, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];

/** What the monitor measures; docs/metrics.md says how to read it. Labels are bounded by configuration (PBXs) and by closed lists.
 *  Received events are counted in plain maps and handed over when asked: a labelled counter costs more than the event. */
export function monitorMetrics(registry: Registry, feeds: () => readonly FeedGauges[]) {
  const registers = [registry];
  const labelNames = ['pbx'] as const;
  const seen = new Map<string, Map<string, number>>();
  new Counter({
    name: 'discador_ari_events_total',
    help: 'events received from the PBX; type malformed: what is none',
    labelNames: ['pbx', 'type'] as const,
    registers,
    collect() {
      this.reset();
      for (const [pbx, types] of seen) for (const [type, count] of types) this.inc({ pbx, type }, count);
    },
  });
  const gauge = (name: string, help: string, value: (feed: FeedGauges) => number): void => {
    new Gauge({ name, help, labelNames, registers, collect() { for (const feed of feeds()) this.set({ pbx: feed.pbx }, value(feed)); } });
  };
  gauge('discador_ari_connected', '1 while the event stream is open', (feed) => Number(feed.connected));
  gauge('discador_ari_publishing', '1 while this replica publishes the events', (feed) => Number(feed.publishes));
  gauge('discador_calls_active', 'calls going on, as the events tell', (feed) => feed.active);
  gauge('discador_call_events_buffered', 'events not yet confirmed by the broker, or held ready by a standby', (feed) => feed.buffered);
  gauge('discador_call_events_spool_bytes', 'disk used by events that wait for the broker', ({ spool }) => spool.bytes);
  gauge('discador_call_events_spool_messages', 'events on disk, not yet confirmed by the broker', ({ spool }) => spool.messages);
  gauge('discador_call_events_spool_oldest_seconds', 'age of the oldest event on disk', ({ spool }) => spoolAgeSec(spool.oldestAt));
  gauge('discador_call_events_publishing_broken', '1 while publishing pauses because the broker goes on refusing', (feed) => Number(feed.publishingBroken));
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const calls = new Counter({ name: 'discador_calls_total', help: 'calls ended, told by the replica that published', labelNames: ['pbx', 'disposition', 'direction'] as const, registers });
  const callSeconds = new Histogram({ name: 'discador_call_duration_seconds', help: 'from the first sign of a call to its end', labelNames: ['pbx', 'direction'] as const, buckets: CALL_SEC, registers });
  const connections = counter('discador_ari_connections_total', 'event streams opened');
  const reconnections = counter('discador_ari_reconnections_total', 'event streams opened again after the first');
  const unobserved = counter('discador_pbx_unobserved_seconds_total', 'time in which no replica certainly saw the events of the PBX; told by the one that publishes next');
  const publishFailures = counter('discador_call_events_publish_failures_total', 'publishes that have to be repeated');
  const dropped = new Counter({ name: 'discador_call_events_dropped_total', help: 'events given up: no room on disk, none in memory because the disk takes nothing, or not readable again', labelNames: ['pbx', 'reason'] as const, registers });
  const spoolErrors = new Counter({ name: 'discador_call_events_spool_errors_total', help: 'the disk refused', labelNames: ['pbx', 'operation'] as const, registers });
  const publishSeconds = new Histogram({ name: 'discador_call_event_publish_seconds', help: 'from the PBX event to the broker confirm', labelNames, buckets: PUBLISH_SEC, registers });

  /** What one feed tells. Its counters are there, at 0, before anything happens. */
  const of = (pbx: string) => {
    const types = new Map<string, number>();
    seen.set(pbx, types);
    for (const one of [connections, reconnections, unobserved, publishFailures]) one.inc({ pbx }, 0);
    let opened = 0;
    return {
      received(type: string): void {
        const label = COUNTED.has(type) ? type : 'other';
        types.set(label, (types.get(label) ?? 0) + 1);
      },
      opened(): void {
        connections.inc({ pbx });
        if (opened++ > 0) reconnections.inc({ pbx });
      },
      ended({ disposition, direction, durationMs }: CallEndedEvent['data']): void {
        calls.inc({ pbx, disposition, direction });
        callSeconds.observe({ pbx, direction }, durationMs / 1_000);
      },
      unobserved: (seconds: number): void => unobserved.inc({ pbx }, seconds),
      published: (latencyMs: number): void => publishSeconds.observe({ pbx }, latencyMs / 1_000),
      publishFailed: (): void => publishFailures.inc({ pbx }),
      dropped: (reason: DropReason, count = 1): void => dropped.inc({ pbx, reason }, count),
      spoolFailed: (operation: SpoolOperation): void => spoolErrors.inc({ pbx, operation }),
    };
  };
  return { of };
}

export type FeedMetrics = ReturnType<ReturnType<typeof monitorMetrics>['of']>;

/** @param oldestAt  epoch milliseconds; null when there is none */
export function spoolAgeSec(oldestAt: number | null): number {
  return oldestAt === null ? 0 : Math.max(0, (Date.now() - oldestAt) / 1_000);
}
