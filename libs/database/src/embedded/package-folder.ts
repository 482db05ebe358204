/** Where npm has put the binaries of an embedded server: one optional package per platform. */
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import { Problem } from '@concord/canonical';

/**
 * The folder of `<stem>-linux-x64` or its like. Throws `upstream-unavailable` where it is not installed, and names the
 * setting that points to a real server instead.
 */
export function platformPackage(stem: string, setting: string): string {
  const name = `${stem}${process.platform}-${process.arch}`;
  const manifest = manifestOf(name);
  if (manifest) return dirname(manifest);
  throw new Problem(
    'upstream-unavailable',
    `${name} is not installed here: set ${setting} to use a server of your own`,
  );
}

function manifestOf(name: string): string | undefined {
  try {
    return findPackageJSON(name, import.meta.url);
  } catch {
    return undefined;
  }
}
