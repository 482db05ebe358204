/**
 * The main process of Postgres. It writes its pid and its port into `postmaster.pid` in the data, and a kill -9 leaves
 * that file behind: whether it still tells the truth, the kernel has to say.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clusterOf } from './postgres-cluster.js';
import { endProcess, findProcesses, type ProcessIdentity } from './processes.js';
import { folderMark } from './start-lock.js';

/** Every process of the server carries this in its command line, also those that Postgres renames. */
export const serverName = (folder: string): string => `concord-${folderMark(folder)}`;

/** The port of the running server; undefined until it listens. */
export const portOf = (folder: string): number | undefined => Number(linesOfPidFile(folder)[3]) || undefined;

/**
 * The running postmaster of this folder. Where only its children are left, they are waited for: they may still write.
 * A pid that belongs to a zombie or to another program would keep Postgres from starting, so the file is then removed.
 */
export async function findPostmaster(folder: string): Promise<ProcessIdentity | undefined> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const alive = findProcesses('postgres', serverName(folder));
    const postmaster = alive.find(({ pid }) => pid === pidOf(folder));
    if (postmaster) return postmaster;
    if (alive.length === 0) break;
    if (Date.now() > deadline) await Promise.all(alive.map((child) => endProcess(child, [['SIGKILL', 2_000]])));
    await pause(25);
  }
  if (existsSync(`/proc/${pidOf(folder)}`)) rmSync(pidFileOf(folder), { force: true });
  return undefined;
}

const pidOf = (folder: string): number => Number(linesOfPidFile(folder)[0]);

const pidFileOf = (folder: string): string => join(clusterOf(folder), 'postmaster.pid');

/** Pid, data, start time, port, …; no line where there is no file. */
function linesOfPidFile(folder: string): string[] {
  try {
    return readFileSync(pidFileOf(folder), 'utf8').split('\n');
  } catch {
    return [];
  }
}
