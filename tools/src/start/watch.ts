import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignMetrics } from '@discador/contracts/http/campaigns';
import { status } from '../stack/stack.ts';
import type { Api } from './api.ts';
import { createLiveView } from './live-view.ts';

const DEMO_QUEUE = 'demo';
const EVERY_MS = 500;
/** Longer than the longest call of the demo, its ring time-out and its retry delay together: by then nothing more will come. */
const STALLED_MS = 90_000;

export type WatchEnd = 'finished' | 'stalled' | 'interrupted';

/** Shows a campaign live until it is finished, nothing has moved for 90 s, or the signal comes. */
export async function watch(api: Api, campaignId: string, total: number, signal: AbortSignal): Promise<WatchEnd> {
  const view = createLiveView(total);
  const pace = new Pace();
  let movedAt = Date.now();
  let before = '';
  try {
    while (!signal.aborted) {
      const now = await look(api, campaignId).catch(() => null);
      if (now) {
        const { metrics, queue } = now;
        const calls = metrics.attempts.total;
        const moved = `${calls} ${metrics.inFlight} ${JSON.stringify(metrics.contacts.byStatus)}`;
        if (moved !== before) movedAt = Date.now();
        before = moved;
        const quiet = Date.now() - movedAt > 5000;
        view.show({ metrics, callsPerSecond: pace.of(calls), agentsBusy: queue?.agents.busy ?? null, agents: queue?.agents.loggedIn ?? null, note: quiet ? await whyNothing() : null });
        if (now.finished) return 'finished';
      }
      if (Date.now() - movedAt > STALLED_MS) return 'stalled';
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return 'interrupted';
  } finally {
    view.stop();
  }
}

async function look(api: Api, campaignId: string): Promise<{ metrics: CampaignMetrics; queue: { agents: { loggedIn: number; busy: number } } | undefined; finished: boolean }> {
  const [metrics, queues, campaign] = await Promise.all([api.metrics(campaignId), api.queues().catch(() => ({ items: [] })), api.campaign(campaignId)]);
  return { metrics, queue: queues.items.find(({ queue }) => queue === DEMO_QUEUE), finished: campaign.status === 'finished' };
}

/** The master's own words. */
export async function whyNothing(): Promise<string | null> {
  const { services } = await status();
  const masters = services.filter((service) => service.name === 'discador-master');
  return (masters.find((master) => master.leader) ?? masters[0])?.note ?? 'no master runs';
}

/** Calls per second over the last 5 s. */
class Pace {
  readonly #seen: { at: number; calls: number }[] = [];

  of(calls: number): number {
    const now = Date.now();
    this.#seen.push({ at: now, calls });
    while ((this.#seen[0]?.at ?? now) < now - 5000) this.#seen.shift();
    const first = this.#seen[0];
    return first && now > first.at ? ((calls - first.calls) * 1000) / (now - first.at) : 0;
  }
}
