/** The log of an embedded server: a file in its data folder, with one older part kept beside it. */
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';

const TURN_OVER_BYTES = 10 * 1024 * 1024;

/** Lends `use` the descriptor of the log, open for appending; a log grown large is put aside first. */
export async function withLog<T>(path: string, use: (descriptor: number) => Promise<T>): Promise<T> {
  if (existsSync(path) && statSync(path).size > TURN_OVER_BYTES) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, 'a', 0o600);
  try {
    return await use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The end of the log, to show why a server did not start. */
export function lastLines(path: string, count = 8): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : '';
}
