// Runs the tests: compiles (fault tests start the built gateway), then jest under Node 24 with native ESM. Arguments go
// to jest. The last line is the count, `12 passed, 0 failed, 1 skipped`; the exit code is jest's.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { scratchFolder } from './test/scratch.mjs';
import { beginTryton, trytonState } from './test/tryton.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** This Node where it is new enough, else the one pinned in node_modules (Linux only). */
function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const pinned = path.join(root, 'node_modules/.bin/node');
  if (fs.existsSync(pinned)) return pinned;
  console.error(`The tests need Node 24; this is ${process.version}, and no Node is pinned for this platform.`);
  process.exit(1);
}

/** A suite that could not even start counts as one failure. */
function countOf(file) {
  if (!fs.existsSync(file)) return '0 passed, 1 failed';
  const run = JSON.parse(fs.readFileSync(file, 'utf8'));
  const failed = run.numFailedTests + run.numRuntimeErrorTestSuites;
  const skipped = run.numPendingTests + run.numTodoTests;
  return `${run.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const node = node24();
const endTryton = beginTryton({ allTests: process.argv.length === 2 });
execFileSync(node, [path.join(root, 'tools/build.mjs')], { stdio: 'inherit' });

const folder = scratchFolder();
const results = path.join(folder, 'results.json');
const environment = { ...process.env, TMPDIR: folder, CONCORD_TRYTON_STATE: trytonState };
const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const compiled = path.join(root, 'node_modules/.cache/jest'); // of this checkout and of its owner; stays for the next time
const options = ['--json', `--outputFile=${results}`, `--cacheDirectory=${compiled}`];
const flags = ['--experimental-vm-modules', '--no-warnings'];
const run = spawn(node, [...flags, jest, ...options, ...process.argv.slice(2)], {
  cwd: root,
  env: environment,
  stdio: 'inherit',
});
process.on('SIGINT', () => {}); // jest gets it too, and says when it is done
const [code, signal] = await once(run, 'exit');
endTryton();
const count = countOf(results);
fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
console.log(count);
process.exit(signal ? 1 : code);
