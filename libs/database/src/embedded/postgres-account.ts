/**
 * Whom Postgres runs as. It refuses uid 0, so for root there are three ways, tried in this order:
 *
 * 1. the data belongs to an ordinary user: as that user;
 * 2. `unshare`: in a user namespace where our uid 0 is called 65534; files stay root's, a 0700 home is no obstacle;
 * 3. `setpriv` (containers may forbid namespaces): as 65534, which becomes the owner of the data.
 *
 * By `setpriv` it keeps one capability, to pass through folders that are not its own; without it where that is refused.
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
  const ways = uid === 0 ? [asNamespace, ...asUser(NOBODY, NOBODY)] : asUser(uid, gid);
  for (const { prefix, owner } of ways) {
    if (owner) await run('chown', ['-R', owner, folder]);
    if (await works(prefix, folder, binaries)) return prefix;
  }
  await run('chown', ['-R', `${uid}:${gid}`, folder]);
  const advice = 'start as an ordinary user, or set DATABASE_URL';
  throw new Problem('upstream-unavailable', `Postgres refuses root, and neither unshare nor setpriv works: ${advice}`);
}

interface Way {
  readonly prefix: readonly string[];
  /** The owner that all of the data folder has to have, in the words of chown. */
  readonly owner?: string;
}

const asNamespace: Way = {
  prefix: ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'],
};

function asUser(uid: number, gid: number): Way[] {
  const plain = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const passing = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const owner = `${uid}:${gid}`;
  return [
    { prefix: [...plain, ...passing, '--'], owner },
    { prefix: [...plain, '--'], owner },
  ];
}

/** Can it write the data folder and load the binary? */
async function works(prefix: readonly string[], folder: string, { postgres, env }: PostgresBinaries): Promise<boolean> {
  const [program = '', ...args] = prefix;
  const question = 'test -w "$1" && exec "$2" --version';
  try {
    await run(program, [...args, 'sh', '-c', question, 'sh', folder, postgres], { env, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
