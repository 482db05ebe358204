/**
 * The files of the embedded Postgres, all in one folder:
 *
 * - `cluster/`   the data itself; it belongs to one major version of Postgres
 * - `password`   of the only role, `concord`; readable by its owner
 * - `postgres.log`, `ports.json`, `lib/` (links to shared libraries), `holders/` (processes that use it)
 */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '@concord/canonical';
import type { PostgresBinaries } from './postgres-binaries.js';

const run = promisify(execFile);

/** The only role, and the database it uses. */
export const ROLE = 'concord';

export const clusterOf = (folder: string): string => join(folder, 'cluster');

/** Makes the password if there is none. */
export function ensurePassword(folder: string): void {
  const file = passwordFile(folder);
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
}

const passwordFile = (folder: string): string => join(folder, 'password');

export const passwordOf = (folder: string): string => readFileSync(passwordFile(folder), 'utf8').trim();

/** The folder of a Postgres that was stopped, to begin as a copy of it: tests save initdb by that, half of their start. */
const PREPARED = 'CONCORD_PREPARED_POSTGRES';

/** Password and cluster of the prepared Postgres, where there is one and this folder has none of its own yet. */
export function copyPrepared(folder: string): void {
  const prepared = process.env[PREPARED];
  if (!prepared || existsSync(clusterOf(folder)) || existsSync(passwordFile(folder))) return;
  execFileSync('cp', ['-a', clusterOf(prepared), passwordFile(prepared), folder]);
}

/** Runs initdb where there is no cluster yet. It works aside, so that one cut off half-way leaves no half cluster. */
export async function ensureCluster(
  folder: string,
  prefix: readonly string[],
  binaries: PostgresBinaries,
): Promise<void> {
  if (existsSync(clusterOf(folder))) return;
  forgetCutOff(folder);
  const draft = join(folder, `initdb-${randomBytes(4).toString('hex')}`);
  const [program = '', ...args] = [
    ...prefix,
    binaries.initdb,
    `--pgdata=${draft}`,
    `--username=${ROLE}`,
    `--pwfile=${passwordFile(folder)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  await run(program, args, { env: binaries.env, cwd: folder }).catch((cause: Error) => {
    throw new Problem('upstream-unavailable', `initdb failed: ${cause.message}`, { cause });
  });
  renameSync(draft, clusterOf(folder));
}

function forgetCutOff(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('initdb-')) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
