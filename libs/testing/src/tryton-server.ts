import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from './wait-until.js';

/** A real Tryton that answers, seeded with a small hospital. */
export interface TrytonServer {
  /** Scheme, host and port. */
  readonly url: string;
  readonly database: string;
  /** A user that may do everything in accounting and stock. */
  readonly user: string;
  readonly password: string;
}

/** Why there is none on this machine, in a sentence for the one who reads the test output. */
export interface NoTryton {
  readonly missing: string;
}

const UNPREPARED = 3; // the script's own code for Debian packages that are missing
const FIRST_START_MS = 540_000; // it makes a database of its own and fills it

/**
 * Brings up Tryton by its script, or finds it running. Its data stay between runs in a folder of their own
 * (`CONCORD_TRYTON_STATE`), since the first start takes minutes. Several that ask at once wait for one start.
 */
export async function trytonServer(): Promise<TrytonServer | NoTryton> {
  const folder = trytonFolder();
  const script = path.join(folder, 'up.sh');
  if (!fs.existsSync(script)) return { missing: `no Tryton to test with: ${script} is not there` };
  const state = trytonState();
  fs.mkdirSync(state, { recursive: true });
  const lock = path.join(state, 'start.lock'); // not inherited: the server goes on running
  const options = { env: { ...process.env, ...trytonPorts(), TRYTON_STATE_DIR: state }, timeout: FIRST_START_MS };
  try {
    const { stdout } = await promisify(execFile)('flock', ['--close', lock, 'bash', script], options);
    return running(stdout);
  } catch (error) {
    const { code, stderr = '', message } = error as { code?: number; stderr?: string; message: string };
    if (code === UNPREPARED) return { missing: `no Tryton to test with: ${stderr.trim()}` };
    throw new Error(`Tryton did not start: ${stderr.trim() || message}`);
  }
}

const ABANDONED_MS = 300_000;

/** Makes something in Tryton that only one may make at a time: tests of several processes share its data. */
export async function aloneInTryton<T>(work: () => Promise<T>): Promise<T> {
  const lock = path.join(trytonState(), 'prepare.lock');
  const take = async () => {
    try {
      fs.mkdirSync(lock);
      return true;
    } catch {
      const since = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > ABANDONED_MS) fs.rmSync(lock, { recursive: true, force: true });
      return false;
    }
  };
  await waitUntil('the others to be done in Tryton', take, { withinMs: 500_000, everyMs: 200 });
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

/** Where the scripts are that bring Tryton up and down: beside the project, unless `CONCORD_TRYTON` says otherwise. */
export const trytonFolder = (): string =>
  process.env['CONCORD_TRYTON'] ?? path.resolve(import.meta.dirname, '../../../../shared/real/tryton');

export const trytonState = (): string =>
  process.env['CONCORD_TRYTON_STATE'] ?? path.join(os.tmpdir(), 'concord-tryton');

/** Ports that nothing else here uses; the script's own variables are taken where they are set. */
const trytonPorts = () => ({
  TRYTON_PORT: process.env['TRYTON_PORT'] ?? '18069',
  TRYTON_PG_PORT: process.env['TRYTON_PG_PORT'] ?? '18432',
});

function running(output: string): TrytonServer {
  const said = new Map(output.split('\n').map((line) => line.split(/=(.*)/s) as [string, string]));
  const { origin } = new URL(said.get('url') ?? '');
  const seed = JSON.parse(fs.readFileSync(said.get('seed') ?? '', 'utf8')) as Record<string, string>;
  const { api_user: user = '', api_password: password = '' } = seed;
  return { url: origin, database: said.get('database') ?? '', user, password };
}
