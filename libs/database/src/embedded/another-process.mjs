// For tests that kill or outlive a process: starts Postgres in one of its own, prints one JSON line about it, and stops
// it when its standard input ends. Argument: the data folder.
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFileSync } from '@swc/core';

const root = path.resolve(import.meta.dirname, '../../../..');

// The launcher needs the problems of canonical only; the rest would take most of the time.
const [WHOLE, PART] = ['canonical/src/index.ts', 'canonical/src/problem.ts'];

registerHooks({
  resolve(specifier, context, next) {
    const source = /^\..*\.js$/.test(specifier) && new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    return next(source && fs.existsSync(source) ? source.href.replace(WHOLE, PART) : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const options = { configFile: path.join(root, '.swcrc'), cwd: root, root, sourceMaps: false };
    const { code } = transformFileSync(fileURLToPath(url), options);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

const launcher = pathToFileURL(path.join(import.meta.dirname, 'postgres.launcher.ts'));
const { startPostgres } = await import(launcher.href);
const server = await startPostgres({ dataDir: process.argv[2], log: () => undefined });
console.log(JSON.stringify({ pid: server.pid, adopted: server.adopted }));
process.stdin.resume().on('end', () => server.stop());
