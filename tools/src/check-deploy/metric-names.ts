import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import type { Finding } from './kube-object.ts';

const METRIC = /\bdiscador_[a-z_]+[a-z]\b/g;
/** What Prometheus makes of a histogram. */
const SERIES = /_(bucket|sum|count)$/;

/** The names of all metrics of our services, from the code that makes them. */
export function knownMetrics(): Set<string> {
  const files = ['apps', 'libs'].flatMap((group) => readdirSync(join(REPO_ROOT, group)).flatMap((name) => sourcesOf(join(REPO_ROOT, group, name, 'src'))));
  return new Set(files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'(discador_[a-z_]+)'/g)].map((match) => match[1] ?? '')));
}

const sourcesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /metrics\.ts$/.test(name)).map((name) => join(folder, name));

/** Metrics that a dashboard or a rule asks for and nobody has: its panel would stay empty without a word. */
export function checkMetricNames(at: string, text: string, known: ReadonlySet<string>): Finding[] {
  const asked = new Set([...text.matchAll(METRIC)].map(([name]) => name));
  return [...asked].filter((name) => !known.has(name) && !known.has(name.replace(SERIES, ''))).map((name) => ({ at, says: `asks for ${name}, which nobody has` }));
}
