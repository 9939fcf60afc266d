import type { CampaignMetrics } from '@discador/contracts/http/campaigns';
import { SingleBar } from 'cli-progress';
import pc from 'picocolors';

export interface LiveNumbers {
  metrics: CampaignMetrics;
  callsPerSecond: number;
  agentsBusy: number | null;
  agents: number | null;
  /** why nothing is dialled, when it is so */
  note: string | null;
}

export interface LiveView {
  show(numbers: LiveNumbers): void;
  stop(): void;
}

const FAILED = ['congestion', 'invalid_number', 'rejected', 'failed', 'abandoned'] as const;

/** One line of numbers: in flight, answered, busy, no answer, failed, calls/s, agents busy. */
export function numbersLine({ metrics, callsPerSecond, agentsBusy, agents, note }: LiveNumbers): string {
  const by = metrics.attempts.byDisposition;
  const failed = FAILED.reduce((sum, name) => sum + (by[name] ?? 0), 0);
  const parts = [
    `in flight ${metrics.inFlight}`,
    `answered ${by.answered ?? 0}`,
    `busy ${by.busy ?? 0}`,
    `no answer ${by.no_answer ?? 0}`,
    `failed ${failed}`,
    `${callsPerSecond.toFixed(1)} calls/s`,
    agents === null ? 'agents ?' : `agents busy ${agentsBusy ?? 0}/${agents}`,
  ];
  return parts.join(' · ') + (note ? ` · ${note}` : '');
}

export function processed(metrics: CampaignMetrics): number {
  const by = metrics.contacts.byStatus;
  return (by.completed ?? 0) + (by.failed ?? 0);
}

/** A bar that redraws in a terminal; elsewhere a plain line every 5 s. Written to stderr. */
export function createLiveView(total: number): LiveView {
  return process.stderr.isTTY ? barView(total) : lineView(total);
}

function barView(total: number): LiveView {
  const format = `${pc.cyan('{bar}')} {percentage}% · {value}/{total} contacts · {line}`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, barsize: 24, fps: 5, linewrap: true });
  bar.start(total, 0, { line: '' });
  return {
    show: (numbers) => bar.update(processed(numbers.metrics), { line: numbersLine(numbers) }),
    stop: () => bar.stop(),
  };
}

function lineView(total: number): LiveView {
  let shownAt = 0;
  return {
    show: (numbers) => {
      if (Date.now() - shownAt < 5000) return;
      shownAt = Date.now();
      process.stderr.write(`${processed(numbers.metrics)}/${total} contacts · ${numbersLine(numbers)}\n`);
    },
    stop: () => undefined,
  };
}
