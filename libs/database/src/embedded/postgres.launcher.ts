/**
 * Postgres as part of the product: where no `DATABASE_URL` is set, this starts one from the npm binaries, or adopts the
 * one that still runs on the same folder. It listens on 127.0.0.1 only, for one role with a generated password.
 */
import { join } from 'node:path';
import { launch, openFolder, type EmbeddedServer } from './embedded-server.js';
import { choosePorts } from './ports.js';
import { commandPrefix } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { clusterOf, copyPrepared, ensureCluster, ensurePassword } from './postgres-cluster.js';
import { answers, postgresUrl } from './postgres-login.js';
import { asArguments, POSTGRES_SETTINGS } from './postgres-settings.js';
import { findPostmaster, portOf, serverName } from './postmaster.js';
import type { ProcessIdentity } from './processes.js';
import { spawnDetached } from './spawn-detached.js';

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
  const listening = portOf(folder) ?? 0;
  if (port !== undefined && port !== listening) log(`Postgres stays on port ${listening} until it is stopped`);
  return { ...server, url: postgresUrl(folder, listening), port: listening };
}

async function startPostmaster(
  folder: string,
  wanted: number | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<ProcessIdentity> {
  const { port } = await choosePorts(folder, { port: { port: wanted, setting: 'POSTGRES_PORT' } });
  const binaries = postgresBinaries(folder);
  copyPrepared(folder);
  ensurePassword(folder);
  const prefix = await commandPrefix(folder, binaries);
  await ensureCluster(folder, prefix, binaries);
  const own = { ...settings, cluster_name: serverName(folder), port: String(port) };
  return spawnDetached({
    command: [...prefix, binaries.postgres, '-D', clusterOf(folder), ...asArguments(own)],
    env: binaries.env,
    folder,
    logFile: join(folder, 'postgres.log'),
  });
}
