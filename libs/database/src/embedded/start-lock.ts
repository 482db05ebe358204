/**
 * One starter per data folder at a time. The lock is a socket in Linux's abstract namespace: it leaves no file behind, and
 * the kernel frees it when its holder dies, so there is no such thing as a stale lock.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@concord/canonical';

const PATIENCE_MS = 120_000;

/** Twelve hexadecimal digits that stand for the data folder (an absolute, resolved path). */
export const folderMark = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 12);

/** Runs `work` while no other process, and no other caller in this one, does so for the same folder. */
export async function withStartLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(folder);
  try {
    return await work();
  } finally {
    await new Promise((closed) => lock.close(closed));
  }
}

async function acquire(folder: string): Promise<Server> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = await listen(`\0concord-start-${folderMark(folder)}`);
    if (lock) return lock;
    if (Date.now() > deadline) {
      throw new Problem(
        'upstream-unavailable',
        `Another process has been busy starting a server in ${folder} for long`,
      );
    }
    await pause(25);
  }
}

const listen = (name: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server));
  });
