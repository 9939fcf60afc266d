import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { knownMetrics } from '../check-deploy/metric-names.ts';
import { REPO_ROOT } from '../stack/home.ts';

const DASHBOARD = 'deploy/helm/discador/files/dashboard.json';
const SCRAPED_MS = 30_000;
/** What Prometheus makes of a histogram. */
const SERIES = /_(bucket|sum|count)$/;

/** What Prometheus saw of the services, and whether the dashboard can be drawn from it. */
export interface Observed {
  version: string;
  targets: number;
  /** targets that were not scraped well, each with why */
  down: string[];
  /** files of rules are none so far */
  ruleGroups: number;
  queries: number;
  /** queries of the dashboard that Prometheus does not take, each with why */
  refused: string[];
  /** those that give nothing */
  empty: string[];
  metrics: number;
  /** metrics of the dashboard that neither Prometheus nor the services' code knows */
  unknown: string[];
  /** those that the services have, and did not show: nothing happened that they count */
  notYet: string[];
}

const answer = <T extends z.ZodType>(data: T) => z.object({ status: z.string(), error: z.string().optional(), data: data.optional() });
const targets = answer(z.object({ activeTargets: z.array(z.object({ scrapeUrl: z.string(), health: z.string(), lastError: z.string() })) }));
const rules = answer(z.object({ groups: z.array(z.unknown()) }));
const names = answer(z.array(z.string()));
const series = answer(z.object({ result: z.array(z.unknown()) }));
const build = answer(z.object({ version: z.string() }));

/** Asks a Prometheus that has watched a campaign. @param url  of its HTTP API */
export async function observe(url: string): Promise<Observed> {
  const ask = async <T extends z.ZodType>(path: string, shape: T): Promise<z.infer<T>> => shape.parse(await (await fetch(`${url}/api/v1/${path}`)).json());
  const { all, down } = await untilScraped(async () => (await ask('targets?state=active', targets)).data?.activeTargets ?? []);
  const queries = expressionsOf(JSON.parse(readFileSync(join(REPO_ROOT, DASHBOARD), 'utf8')));
  const answers = await Promise.all(queries.map(async (query) => ({ query, ...(await ask(`query?query=${encodeURIComponent(query)}`, series)) })));
  const there = new Set((await ask('label/__name__/values', names)).data ?? []);
  const known = knownMetrics();
  const metrics = [...new Set(queries.flatMap(metricsOf))];
  const missing = metrics.filter((name) => !there.has(name));
  const inCode = (name: string): boolean => known.has(name) || known.has(name.replace(SERIES, ''));
  return {
    version: (await ask('status/buildinfo', build)).data?.version ?? '',
    targets: all,
    down,
    ruleGroups: (await ask('rules', rules)).data?.groups.length ?? 0,
    queries: queries.length,
    refused: answers.filter(({ status }) => status !== 'success').map(({ query, error }) => `${query}: ${error}`),
    empty: answers.filter(({ data }) => data?.result.length === 0).map(({ query }) => query),
    metrics: metrics.length,
    unknown: missing.filter((name) => !inCode(name)),
    notYet: missing.filter(inCode),
  };
}

/** Targets are asked in turn: the last one's first answer comes an interval after Prometheus is ready. */
async function untilScraped(ask: () => Promise<{ scrapeUrl: string; health: string; lastError: string }[]>): Promise<{ all: number; down: string[] }> {
  const end = performance.now() + SCRAPED_MS;
  for (;;) {
    const found = await ask();
    const down = found.filter(({ health }) => health !== 'up').map(({ scrapeUrl, health, lastError }) => `${scrapeUrl}: ${lastError || health}`);
    if ((found.length > 0 && down.length === 0) || performance.now() > end) return { all: found.length, down };
    await sleep(500);
  }
}

/** Every `expr` of a dashboard, wherever its panels have it; each once. */
export function expressionsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'expr' in part && typeof part.expr === 'string' ? [part.expr] : [];
  return [...new Set([...own, ...Object.values(part).flatMap(expressionsOf)])];
}

/** The names of metrics in a query: ours, and those of the process. */
export const metricsOf = (query: string): string[] => [...query.matchAll(/\b(?:discador|process|nodejs)_[a-z0-9_]*[a-z0-9]\b/g)].map(([name]) => name);
