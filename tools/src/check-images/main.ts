import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'yaml';
import { atLeast, atMost, deliver, measurement, type Check, type Measurement } from '../bench/measurement.ts';
import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr as say } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { buildAsterisk, type AsteriskImage } from './build-asterisk.ts';
import { APPS, ASTERISK_DOCKERFILE, baseImage, buildImage, DOCKERFILE, type BuiltImage } from './build-images.ts';
import { startEngine, whyNoEngine } from './engine.ts';
import { runCompose, type ComposeRun } from './run-compose.ts';
import { makeStandIn, standIns } from './stand-in-images.ts';

interface Options {
  json: boolean;
  out?: string;
}

const MAX_MB = 250;
const NOTICE = '**************************************************************************';

async function main(): Promise<void> {
  const options = new Command('npm run check:images --')
    .description('Builds the images of the services and of Asterisk from their Dockerfiles as they are, starts docker/compose.yaml with them and Prometheus, dials the demo campaign and stops it all, on a Docker engine of its own')
    .option('--json', 'the measurement as JSON on stdout', false)
    .option('--out <file>', 'write the measurement, e.g. docs/reports/images.json')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse()
    .opts<Options>();
  const why = whyNoEngine();
  if (why) throw notHere(why);
  const made = await checkImages().catch((error: unknown) => {
    throw error instanceof StackError && error.exitCode !== EXIT.failed ? notHere(error.message, error.details) : error;
  });
  deliver(made, options);
  process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
}

const notHere = (why: string, details = ''): StackError => new StackError(`${NOTICE}\nIMAGES ARE NOT CHECKED HERE: ${why}\n${NOTICE}`, EXIT.skipped, details);

async function checkImages(): Promise<Measurement> {
  const config = readConfig();
  const dir = join(config.homeDir, 'docker');
  mkdirSync(dir, { recursive: true });
  const source = { cacheDir: config.cacheDir, mirror: config.debianMirror, suite: config.debianSuite };
  const revision = measurement('images', 0, { baseline: {}, result: {}, ratio: {}, checks: [] }).commit;
  const engine = await startEngine(source, dir, say);
  try {
    const tags = composeTags();
    const replaced = standIns(baseImage(DOCKERFILE), tags);
    say(`The registries of ${replaced.length + 1} images may be out of reach, and the source of Asterisk: Debian's packages of ${config.debianSuite} stand in for them.`);
    for (const one of replaced) await makeStandIn(engine, source, one, dir, say);
    const asterisk = await buildAsterisk(engine, source, tags.asterisk, dir, revision, say);
    const images: BuiltImage[] = [];
    for (const app of APPS) images.push(await buildImage(engine, app, revision, say));
    const run = await runCompose(engine, say);
    const standInTags = [...replaced.map(({ for: what, tag }) => ({ for: what, tag })), { for: 'the base of Asterisk’s image', tag: baseImage(ASTERISK_DOCKERFILE) }];
    return measurement('images', 0, { baseline: {}, result: { engine: engine.version, suite: config.debianSuite, standIns: standInTags, asterisk, images, run }, ratio: {}, checks: checksOf(asterisk, images, run) });
  } finally {
    await engine.stop();
  }
}

function composeTags(): Record<'postgres' | 'redis' | 'rabbitmq' | 'prometheus' | 'asterisk', string> {
  const { services } = parse(readFileSync(join(REPO_ROOT, 'docker/compose.yaml'), 'utf8'), { merge: true }) as { services: Record<string, { image: string }> };
  const tag = (service: string): string => {
    const image = services[service]?.image;
    if (!image) throw new Error(`docker/compose.yaml has no service ${service}`);
    return image.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
  };
  return { postgres: tag('postgres'), redis: tag('redis'), rabbitmq: tag('rabbitmq'), prometheus: tag('prometheus'), asterisk: tag('asterisk') };
}

function checksOf(asterisk: AsteriskImage, images: readonly BuiltImage[], { unfinished, ledger, observed, exitCodes }: ComposeRun): Check[] {
  const all = [...images, asterisk];
  return [
    atMost('largest service image, MB', Math.max(...images.map(({ mb }) => mb)), MAX_MB),
    atMost('images that run as root', all.filter(({ user }) => user === '' || /^(0|root)(:|$)/.test(user)).length, 0),
    atMost('service images with a shell', images.filter(({ shell }) => shell).length, 0),
    atMost('images without OCI labels', all.filter(({ labels }) => labels < 5).length, 0),
    atMost('contacts without a final status', unfinished, 0),
    atMost('attempts that ledger and PBX tell differently', ledger.mismatches.length, 0),
    atMost('duplicates', ledger.duplicates.length, 0),
    atMost('in doubt', ledger.inDoubt, 0),
    atLeast('targets that Prometheus scrapes', observed.targets, 7),
    atMost('of them not up', observed.down.length, 0),
    atMost('queries of the dashboard that Prometheus refuses', observed.refused.length, 0),
    atMost('metrics of the dashboard that nobody has', observed.unknown.length, 0),
    atMost('containers that ended with another code than 0', Object.values(exitCodes).filter((code) => code !== 0).length, 0),
  ];
}

runAsMain(import.meta.url, main);
