/** Starts a program in a session of its own, so that it outlives us and no signal of our terminal reaches it. */
import { spawn } from 'node:child_process';
import { Problem } from '@concord/canonical';
import { withLog } from './log-file.js';
import { identify, type ProcessIdentity } from './processes.js';

export interface Command {
  /** The program, then its arguments. */
  readonly command: readonly string[];
  /** Its whole environment: nothing of ours is passed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly logFile: string;
}

export async function spawnDetached({ command, env, folder, logFile }: Command): Promise<ProcessIdentity> {
  const [program = '', ...args] = command;
  return withLog(logFile, async (log) => {
    const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['ignore', log, log] });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    const started = identify(child.pid ?? 0);
    if (started) return started;
    throw new Problem('upstream-unavailable', `${program} ended at once; see ${logFile}`);
  });
}
