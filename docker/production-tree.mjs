// Copies what one service needs at run time, and nothing else: its own build, the libraries that it imports, and of node_modules the packages
// that those import, with all that these depend on.
//   node docker/production-tree.mjs APP OUT_DIR      in a built workspace, whose node_modules hold production dependencies
// The workspace has one list of dependencies for all apps; an image with all of them would hold the gateway's Swagger in the record-shipper.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const IMPORTED = /(?:\bfrom|\bimport)\s*\(?\s*['"]([@.\w][@.\w/:-]*)['"]/g;
/** Found in packages, of no use to a running program; the folders at a package's top only: deeper ones of these names are code. */
const FILES_LEFT_OUT = /\.(map|md|markdown|ts|mts|cts|tsbuildinfo|flow)$|^\./i;
const FOLDERS_LEFT_OUT = /^(tests?|__tests__|docs?|examples?|benchmarks?|\..*)$/i;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const packageOf = (specifier) => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');

/** What is reached from a built file: our own files, and the packages that they name. */
export function reach(root, main) {
  const files = new Set();
  const packages = new Set();
  const visit = (file) => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(IMPORTED)) {
      if (specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else if (specifier.startsWith('@discador/')) visit(libraryFile(root, specifier));
      else packages.add(packageOf(specifier));
    }
  };
  visit(main);
  return { files, packages };
}

/** `@discador/bus/topology` → libs/bus/dist/topology.js */
function libraryFile(root, specifier) {
  const [, library, ...path] = specifier.split('/');
  return join(root, 'libs', library, 'dist', `${path.join('/')}.js`);
}

/** The folders of packages and of all that they depend on. Peers that a package can do without are taken when the workspace itself wants them. */
export function closure(root, names) {
  const wanted = readJson(join(root, 'package.json')).dependencies;
  const folders = new Set();
  const visit = (name, from, optional) => {
    const folder = find(name, from);
    if (!folder) {
      if (optional) return;
      throw new Error(`${name}, which ${relative(root, from) || 'the service'} needs, is not installed`);
    }
    if (folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = readJson(join(folder, 'package.json'));
    for (const one of Object.keys(dependencies)) visit(one, folder, one in optionalDependencies);
    for (const one of Object.keys(peerDependencies)) {
      const canDoWithout = peerDependenciesMeta[one]?.optional === true;
      if (!canDoWithout || one in wanted) visit(one, folder, canDoWithout);
    }
  };
  const find = (name, from) => {
    for (let at = from; at.startsWith(root); at = dirname(at)) {
      const folder = join(at, 'node_modules', name);
      if (existsSync(join(folder, 'package.json'))) return folder;
    }
    return null;
  };
  for (const name of names) visit(name, root, false);
  return folders;
}

function copyPackage(folder, target, isTop = true) {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [from, to] = [join(folder, entry.name), join(target, entry.name)];
    if (entry.name === 'node_modules') continue; // what is needed of those comes by itself
    if (isTop && entry.isDirectory() && FOLDERS_LEFT_OUT.test(entry.name)) continue;
    if (entry.isDirectory()) copyPackage(from, to, false);
    else if (!FILES_LEFT_OUT.test(entry.name)) cpSync(from, to);
  }
}

/** Our own packages keep their source maps: a stack trace names the lines of the source. */
function copyOwn(root, folder, out) {
  for (const part of ['package.json', 'dist', 'config', 'migrations']) {
    const from = join(root, folder, part);
    if (existsSync(from)) cpSync(from, join(out, folder, part), { recursive: true, filter: (path) => basename(path) !== 'testing' });
  }
}

/** @param app  folder name under apps/ */
export function copyProduction(root, app, out) {
  const { files, packages } = reach(root, join(root, 'apps', app, 'dist', 'main.js'));
  const own = new Set([...files].map((file) => relative(root, file).split('/').slice(0, 2).join('/')));
  for (const folder of own) copyOwn(root, folder, out);
  mkdirSync(join(out, 'node_modules', '@discador'), { recursive: true });
  for (const folder of own) symlinkSync(join('..', '..', folder), join(out, 'node_modules', '@discador', basename(folder)));
  for (const folder of closure(root, packages)) copyPackage(folder, join(out, relative(root, folder)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [app, out] = process.argv.slice(2);
  if (!app || !out) {
    process.stderr.write('usage: node docker/production-tree.mjs APP OUT_DIR\n');
    process.exit(2);
  }
  copyProduction(ROOT, app, resolve(out));
}
