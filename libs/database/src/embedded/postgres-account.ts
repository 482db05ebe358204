/**
 * Whom Postgres runs as. It refuses uid 0, so for root there are three ways, tried in this order:
 *
 * 1. the data belongs to an ordinary user: as that user;
 * 2. `unshare`: in a user namespace where our uid 0 is called 65534; files stay root's, a 0700 home is no obstacle;
 * 3. `setpriv` (containers may forbid namespaces): as 65534, which becomes the owner of the data.
 *
 * By `setpriv` it keeps one capability, `dac_override`, to pass through folders that are not its own; the securebit lets
 * it count for access(2) as well, by which initdb looks for its neighbour `postgres`.
 */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { Problem } from '@concord/canonical';
import type { PostgresBinaries } from './postgres-binaries.js';

const run = promisify(execFile);

const NOBODY = 65534;

/** The words to put before a command of Postgres; none where we are not root. */
export async function commandPrefix(folder: string, binaries: PostgresBinaries): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const { uid, gid } = statSync(folder);
  for (const way of uid === 0 ? [IN_NAMESPACE, asUser(NOBODY, NOBODY)] : [asUser(uid, gid)]) {
    if (await works(way, folder, binaries)) return way.prefix;
  }
  const advice = 'start as an ordinary user, or set DATABASE_URL';
  throw new Problem('upstream-unavailable', `Postgres refuses root, and neither unshare nor setpriv works: ${advice}`);
}

interface Way {
  readonly prefix: readonly string[];
  /** The owner that all of the data folder has to have, in the words of chown. */
  readonly owner: string;
}

const IN_NAMESPACE: Way = {
  prefix: ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'],
  owner: '0:0',
};

const asUser = (uid: number, gid: number): Way => ({
  prefix: [
    ...['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'],
    ...['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
  ],
  owner: `${uid}:${gid}`,
});

/** Can it write the data folder and load the binary? */
async function works({ prefix, owner }: Way, folder: string, { postgres, env }: PostgresBinaries): Promise<boolean> {
  const [program = '', ...args] = prefix;
  const question = 'test -w "$1" && exec "$2" --version';
  try {
    await run('chown', ['-R', owner, folder]);
    await run(program, [...args, 'sh', '-c', question, 'sh', folder, postgres], { env, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
