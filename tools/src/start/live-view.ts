import type { CampaignMetrics } from '@discador/contracts/http/campaigns';
import { MultiBar, Presets } from 'cli-progress';
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

/** The numbers in two parts of less than 80 characters: what became of the calls; the pace, the agents, and why nothing is dialled. */
function numbers({ metrics, callsPerSecond, agentsBusy, agents, note }: LiveNumbers): [string, string] {
  const by = metrics.attempts.byDisposition;
  const failed = FAILED.reduce((sum, name) => sum + (by[name] ?? 0), 0);
  const calls = `in flight ${metrics.inFlight} · answered ${by.answered ?? 0} · busy ${by.busy ?? 0} · no answer ${by.no_answer ?? 0} · failed ${failed}`;
  const busy = agents === null ? 'agents ?' : `agents busy ${agentsBusy ?? 0}/${agents}`;
  return [calls, `${callsPerSecond.toFixed(1)} calls/s · ${busy}${note ? ` · ${note}` : ''}`];
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
  const bars = new MultiBar({ stream: process.stderr, hideCursor: true, barsize: 30, fps: 5, format: '{text}', emptyOnZero: true }, Presets.shades_classic);
  const bar = bars.create(total, 0, {}, { format: `${pc.cyan('{bar}')} {percentage}% · {value}/{total} contacts` });
  const [calls, pace] = [bars.create(1, 0, { text: '' }), bars.create(1, 0, { text: '' })];
  return {
    show: (live) => {
      const [callsText, paceText] = numbers(live);
      bar.update(processed(live.metrics));
      calls.update(0, { text: callsText });
      pace.update(0, { text: paceText });
    },
    stop: () => bars.stop(),
  };
}

function lineView(total: number): LiveView {
  let shownAt = 0;
  return {
    show: (live) => {
      if (Date.now() - shownAt < 5000) return;
      shownAt = Date.now();
      process.stderr.write(`${processed(live.metrics)}/${total} contacts · ${numbers(live).join(' · ')}\n`);
    },
    stop: () => undefined,
  };
}
