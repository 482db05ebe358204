// The real Tryton that some tests talk to: brought up beside the other tests, since its first start takes minutes, and
// taken down afterwards unless it ran before. Its data stay, so that it is there in seconds the next time. Where its
// scripts or its Debian packages are missing, those tests skip and say so.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const folder = process.env.CONCORD_TRYTON ?? path.resolve(root, '../shared/real/tryton');
/** Where its data stay. */
export const trytonState = process.env.CONCORD_TRYTON_STATE ?? path.join(os.tmpdir(), 'concord-tryton');
const environment = { TRYTON_PORT: '18069', TRYTON_PG_PORT: '18432', ...process.env, TRYTON_STATE_DIR: trytonState };

/** Whether the process that the scripts started lives. */
function runs() {
  try {
    process.kill(Number(fs.readFileSync(path.join(trytonState, 'trytond.pid'), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Begins to bring it up, where all tests are run; tests that need it wait for the same lock, and bring it up themselves
 * where nobody did. Returns what takes it down again.
 */
export function beginTryton({ allTests }) {
  const script = path.join(folder, 'up.sh');
  if (!fs.existsSync(script) || runs()) return () => undefined;
  if (!allTests) return endTryton;
  fs.mkdirSync(trytonState, { recursive: true });
  const command = ['--close', path.join(trytonState, 'start.lock'), 'bash', script];
  spawn('flock', command, { env: environment, stdio: 'ignore', detached: true })
    .on('error', () => undefined) // no flock on this machine: the tests say what is missing
    .unref();
  return endTryton;
}

function endTryton() {
  if (runs()) execFileSync('bash', [path.join(folder, 'down.sh')], { env: environment, stdio: 'ignore' });
}
