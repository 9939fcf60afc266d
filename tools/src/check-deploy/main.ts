import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { readConfig } from '../stack/config.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { CHART, renderChart } from './chart.ts';
import { allChecks } from './checks.ts';
import { writeGolden } from './golden.ts';
import { ensureHelm } from './helm-program.ts';
import type { Finding } from './kube-object.ts';
import { runLocally } from './local-run/run-locally.ts';

interface Options {
  update: boolean;
  run: boolean;
}

/** The rendering that `--run` starts: one PBX in the cluster, the simulated carrier, every server by a password of the chart. */
const STARTED = 'trial';

function readOptions(): Options {
  return new Command('npm run check:deploy --')
    .description('Checks chart, Dockerfiles, compose file and workflows, without a cluster and without Docker')
    .option('--run', 'also start each rendered service here, with the local stack as its servers, ask its probes, and run the release’s own test', false)
    .option('--update', 'write the committed renderings of the chart anew (deploy/helm/discador/golden)', false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  const { update, run } = readOptions();
  const helm = await ensureHelm(readConfig().cacheDir);
  const files = readdirSync(join(CHART, 'ci')).sort().map((name) => join(CHART, 'ci', name));
  const rendered = await Promise.all(files.map((file) => renderChart(helm, file)));
  if (update) writeGolden(rendered);
  let wrong = 0;
  const checks = allChecks(helm, files, rendered);
  const started = rendered.find(({ name }) => name === STARTED);
  if (run && started) checks.push({ name: 'every rendered service starts, answers its probes, and stops; the release’s test passes', run: () => runLocally(started) });
  for (const check of checks) {
    const began = performance.now();
    wrong += tell(check.name, await check.run(), (performance.now() - began) / 1000);
  }
  process.stdout.write(wrong === 0 ? 'all is well\n' : `${wrong} findings\n`);
  process.exitCode = wrong === 0 ? EXIT.ok : EXIT.failed;
}

/** @returns how many findings there were */
function tell(name: string, findings: Finding[], seconds: number): number {
  process.stdout.write(`${findings.length === 0 ? pc.green('✓') : pc.red('✗')} ${name}${pc.dim(seconds < 0.5 ? '' : ` (${seconds.toFixed(1)} s)`)}\n`);
  for (const { at, says } of findings) process.stdout.write(`    ${at}: ${says}\n`);
  return findings.length;
}

runAsMain(import.meta.url, main);
