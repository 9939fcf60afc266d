// Completes package-lock.json after a dependency changed: `npm ci` refuses a lock file without an entry for every optional
// package of other platforms, and `npm install` leaves out those that the registry at hand does not carry. Adds bare entries
// (version, os, cpu, optional) for them; never for a package that could run on this machine.
// Usage: node tools/fill-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['darwin', 'win32', 'linux', 'freebsd', 'openbsd', 'netbsd', 'android', 'aix', 'sunos', 'openharmony', 'wasi'];
const PROCESSORS = [
  ['arm64', /arm64|aarch64/],
  ['x64', /x64|x86_64/],
  ['ia32', /ia32/],
  ['arm', /arm-|armv|-arm$/],
  ['ppc64', /ppc64/],
  ['s390x', /s390x/],
  ['riscv64', /riscv64/],
  ['loong64', /loong64/],
  ['mips64el', /mips64el/],
  ['wasm32', /wasm/],
];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { packages } = lock;

/** Finds a package as Node would from `path`: the nearest node_modules upwards. */
function resolves(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

let added = 0;
for (const [path, entry] of Object.entries({ ...packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolves(path, name)) continue;
    const version = range.replace(/^[\^~]/, '');
    const os = SYSTEMS.filter((system) => name.includes(system));
    const cpu = PROCESSORS.filter(([, pattern]) => pattern.test(name)).map(([processor]) => processor).slice(0, 1);
    if (os.includes(process.platform) && cpu.includes(process.arch) && !name.includes('musl')) throw new Error(`${name} could run here and is missing: npm install first`);
    const top = `node_modules/${name}`;
    const key = packages[top] && packages[top].version !== version ? `${path}/${top}` : top;
    packages[key] = { version, ...(os.length > 0 ? { os } : {}), ...(cpu.length > 0 ? { cpu } : {}), optional: true, ...(entry.dev ? { dev: true } : {}) };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} entries added`);
