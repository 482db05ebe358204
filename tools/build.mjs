// Compiles apps/ and libs/ to dist/ with SWC, changed files only; other files of apps/ and libs/ that the code
// reads at run time (csv, json, html) are copied beside it. Arguments: folders to compile instead (used by Nx).
import fs from 'node:fs';
import path from 'node:path';
import { transformFile } from '@swc/core';

const root = path.resolve(import.meta.dirname, '..');
const ASSETS = /\.(csv|json|html|sql|tsv|xml)$/;

const newerThan = (source, target) =>
  !fs.existsSync(target) || fs.statSync(source).mtimeMs > fs.statSync(target).mtimeMs;

async function compile(file) {
  const target = path.join(root, 'dist', file.replace(/\.ts$/, '.js'));
  if (!newerThan(path.join(root, file), target) && !newerThan(path.join(root, '.swcrc'), target)) return 0;
  const options = { configFile: path.join(root, '.swcrc'), cwd: root, root, sourceMaps: 'inline' };
  const { code } = await transformFile(path.join(root, file), options);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, code);
  return 1;
}

function copy(file) {
  const target = path.join(root, 'dist', file);
  if (!newerThan(path.join(root, file), target)) return 0;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(path.join(root, file), target);
  return 1;
}

/** Removes what was compiled from a source that is gone, so that a deleted file cannot live on in dist/. */
function prune(folder) {
  const dist = path.join(root, 'dist', folder);
  if (!fs.existsSync(dist)) return;
  for (const file of fs.readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const compiled = path.join(file.parentPath, file.name);
    const source = path.join(root, path.relative(path.join(root, 'dist'), compiled));
    if (!fs.existsSync(source) && !fs.existsSync(source.replace(/\.js$/, '.ts'))) fs.rmSync(compiled);
  }
}

/** Compiles the folders; says how many files changed, if any. */
export async function build(folders = ['apps', 'libs']) {
  let changed = 0;
  for (const folder of folders) {
    prune(folder);
    const files = fs.readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, name));
    const sources = files.filter((file) => file.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(file));
    const compiled = await Promise.all(sources.map(compile));
    const copied = files.filter((file) => ASSETS.test(file) && path.basename(file) !== 'project.json').map(copy);
    changed += [...compiled, ...copied].filter(Boolean).length;
  }
  if (changed) console.log(`build: ${changed} files`);
}

if (import.meta.main) await build(process.argv.length > 2 ? process.argv.slice(2) : undefined);
