import { Counter, Gauge, type Registry } from 'prom-client';
import type { PbxMonitor } from './pbx/pbx-monitor.ts';

const AGENT_STATES = ['loggedIn', 'idle', 'busy', 'paused', 'wrapUp'] as const;
const EXTENSION_STATES = ['total', 'registered', 'available', 'busy'] as const;
/** Queues are named by people; more than these in one PBX are not labelled one by one. */
const MAX_QUEUES = 200;

/** What the MonitoringWorker measures. Labels are bounded: PBXs, their first 200 queues, and closed lists. Standbys tell the same numbers
 *  as the writer: add up over one of them. */
export function monitoringMetrics(registry: Registry, monitors: () => readonly PbxMonitor[]) {
  const registers = [registry];
  let rolledUpAt = Date.now();
  new Gauge({
    name: 'discador_agents',
    help: 'agents by queue and state',
    labelNames: ['pbx', 'queue', 'state'] as const,
    registers,
    collect() {
      this.reset();
      eachQueue(monitors(), (pbx, { queue, agents }) => AGENT_STATES.forEach((state) => this.set({ pbx, queue, state }, agents[state])));
    },
  });
  const perQueue = (name: string, help: string, field: 'waiting' | 'connected'): void => {
    new Gauge({
      name,
      help,
      labelNames: ['pbx', 'queue'] as const,
      registers,
      collect() {
        this.reset();
        eachQueue(monitors(), (pbx, numbers) => this.set({ pbx, queue: numbers.queue }, numbers[field]));
      },
    });
  };
  perQueue('discador_queue_waiting', 'callers that wait for an agent', 'waiting');
  perQueue('discador_queue_connected', 'campaign calls that talk to an agent', 'connected');
  const perPbx = (name: string, help: string, value: (monitor: PbxMonitor) => boolean): void => {
    new Gauge({ name, help, labelNames: ['pbx'] as const, registers, collect() { for (const one of monitors()) this.set({ pbx: one.pbx }, Number(value(one))); } });
  };
  perPbx('discador_ami_up', '1 while the AMI of the PBX answers', (monitor) => monitor.up);
  perPbx('discador_live_writer', '1 while this replica writes the state of the PBX', (monitor) => monitor.writes);
  new Gauge({
    name: 'discador_extensions',
    help: 'extensions by state; available: registered with a line free',
    labelNames: ['pbx', 'state'] as const,
    registers,
    collect() {
      for (const monitor of monitors()) {
        const totals = monitor.extensions();
        for (const state of EXTENSION_STATES) this.set({ pbx: monitor.pbx, state }, totals[state]);
      }
    },
  });
  new Gauge({
    name: 'discador_counters_roll_up_age_seconds',
    help: 'since this replica last rolled the counters up; the least over the replicas counts',
    registers,
    collect() {
      this.set((Date.now() - rolledUpAt) / 1_000);
    },
  });
  const rows = new Counter({ name: 'discador_housekeeping_rows_total', help: 'rows rolled up or deleted', labelNames: ['job'] as const, registers });
  const failures = new Counter({ name: 'discador_housekeeping_failures_total', help: 'housekeeping that failed', labelNames: ['job'] as const, registers });
  return {
    onDone(job: string, count: number): void {
      if (job === 'roll-up') rolledUpAt = Date.now();
      rows.inc({ job }, count);
    },
    onFailed: (job: string): void => failures.inc({ job }),
  };
}

function eachQueue(monitors: readonly PbxMonitor[], tell: (pbx: string, numbers: ReturnType<PbxMonitor['queues']>[number]) => void): void {
  for (const monitor of monitors) for (const numbers of monitor.queues().slice(0, MAX_QUEUES)) tell(monitor.pbx, numbers);
}
