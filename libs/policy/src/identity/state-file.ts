/**
 * Secrets on disk: JSON that only the owner of the process may read (mode 0600), replaced in one step, so that a crash
 * leaves the old content or the new.
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The stored value, or `undefined` when there is none yet. A file that others could read is closed to them first. */
export async function readState<T>(path: string): Promise<T | undefined> {
  try {
    await chmod(path, 0o600);
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeState(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${randomUUID()}`;
  await writeFile(next, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}
