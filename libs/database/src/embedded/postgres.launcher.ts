/**
 * Postgres as part of the product: where no `DATABASE_URL` is set, this starts one from the npm binaries, or adopts the
 * one that still runs on the same folder. It listens on 127.0.0.1 only, for one role with a generated password.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@concord/canonical';
import pg from 'pg';
import { createDatabase, databaseUrl } from '../create-database.js';
import { launch, openFolder, type EmbeddedServer } from './embedded-server.js';
import { choosePorts } from './ports.js';
import { commandPrefix } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { clusterOf, ensureCluster, ensurePassword, forgetPostmaster } from './postgres-cluster.js';
import { passwordOf, readPostmaster, ROLE } from './postgres-cluster.js';
import { asArguments, POSTGRES_SETTINGS } from './postgres-settings.js';
import { endProcess, findProcesses, type ProcessIdentity } from './processes.js';
import { spawnDetached } from './spawn-detached.js';
import { folderMark } from './start-lock.js';

export interface PostgresOptions {
  readonly dataDir: string;
  /** Undefined is any free port, the same one at the next start. */
  readonly port?: number | undefined;
  readonly log: (line: string) => void;
  /** Settings of postgresql.conf on top of `POSTGRES_SETTINGS`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PostgresServer extends EmbeddedServer {
  /** With the password in it: not for a log. */
  readonly url: string;
  readonly port: number;
}

/** Fast shutdown (connections are cut, all is written), then immediate shutdown, from which Postgres recovers. */
const STOP_WITH = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 2_000],
] as const;

/** Throws `conflict` when the port is taken, `upstream-unavailable` when Postgres cannot run here; both say what to do. */
export async function startPostgres({ dataDir, port, log, settings }: PostgresOptions): Promise<PostgresServer> {
  const folder = openFolder(dataDir);
  const server = await launch(folder, {
    product: 'Postgres',
    logFile: join(folder, 'postgres.log'),
    find: () => findPostmaster(folder),
    start: () => startPostmaster(folder, port, { ...POSTGRES_SETTINGS, ...settings }),
    answers: () => answers(folder),
    stopWith: STOP_WITH,
    log,
  });
  const listening = readPostmaster(folder)?.port ?? 0;
  if (port !== undefined && port !== listening) log(`Postgres stays on port ${listening} until it is stopped`);
  return { ...server, url: urlOf(folder, listening, ROLE), port: listening };
}

/** Every process of the server carries this in its command line, also the ones that Postgres renames. */
const nameOf = (folder: string): string => `concord-${folderMark(folder)}`;

/**
 * The running postmaster of this folder. Where only its children are left, they are waited for: they may still write.
 * A postmaster.pid that names a zombie or another program would keep Postgres from starting, so it is removed.
 */
async function findPostmaster(folder: string): Promise<ProcessIdentity | undefined> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const alive = findProcesses('postgres', nameOf(folder));
    const postmaster = readPostmaster(folder);
    const found = alive.find(({ pid }) => pid === postmaster?.pid);
    if (found) return found;
    if (alive.length === 0) break;
    if (Date.now() > deadline) await Promise.all(alive.map((left) => endProcess(left, [['SIGKILL', 2_000]])));
    await pause(25);
  }
  const left = readPostmaster(folder);
  if (left && existsSync(`/proc/${left.pid}`)) forgetPostmaster(folder);
  return undefined;
}

async function startPostmaster(
  folder: string,
  wanted: number | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<ProcessIdentity> {
  const { port } = await choosePorts(folder, { port: { port: wanted, setting: 'POSTGRES_PORT' } });
  const binaries = postgresBinaries(folder);
  ensurePassword(folder);
  const prefix = await commandPrefix(folder, binaries);
  await ensureCluster(folder, prefix, binaries);
  const own = { ...settings, cluster_name: nameOf(folder), port: String(port) };
  return spawnDetached({
    command: [...prefix, binaries.postgres, '-D', clusterOf(folder), ...asArguments(own)],
    env: binaries.env,
    folder,
    logFile: join(folder, 'postgres.log'),
  });
}

const urlOf = (folder: string, port: number, database: string): string =>
  `postgres://${ROLE}:${passwordOf(folder)}@127.0.0.1:${port}/${database}`;

const NO_SUCH_DATABASE = '3D000';
const WRONG_PASSWORD = '28P01';

/** Logs in and asks; the first answer of a new cluster makes our database. */
async function answers(folder: string): Promise<boolean> {
  const port = readPostmaster(folder)?.port;
  if (port === undefined) return false;
  const url = urlOf(folder, port, ROLE);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === NO_SUCH_DATABASE) await createDatabase(databaseUrl(url, 'postgres'), ROLE);
    if (code === WRONG_PASSWORD) {
      throw new Problem('upstream-unavailable', `The password in ${folder} is not that of the data beside it`);
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
