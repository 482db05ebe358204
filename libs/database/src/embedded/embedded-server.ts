/**
 * A server of others, run by us as a detached child: one per data folder, however many processes ask for it. It outlives
 * a crash of ours and is found again by the next start; Ctrl-C in the terminal does not reach it, our `stop` does.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@concord/canonical';
import { endProcess, isRunning, type ProcessIdentity } from './processes.js';
import { hold, letGo } from './holders.js';
import { withStartLock } from './start-lock.js';
import { lastLines } from './log-file.js';

/** What the launcher of one product has to know; `launch` does the rest. */
export interface Launch {
  readonly product: string;
  /** The server of this folder that already runs, if any. */
  readonly find: () => Promise<ProcessIdentity | undefined> | ProcessIdentity | undefined;
  readonly start: () => Promise<ProcessIdentity>;
  /** Puts a real question to the server; false while it has no answer yet. */
  readonly answers: () => Promise<boolean>;
  /** Signals that end it, each with the milliseconds to wait before the next. */
  readonly stopWith: readonly (readonly [NodeJS.Signals, number])[];
  readonly logFile: string;
  readonly log: (line: string) => void;
}

export interface EmbeddedServer {
  readonly pid: number;
  /** True where the server was already running, after a crash of ours or for another process. */
  readonly adopted: boolean;
  /** Stops the server, unless another process still uses it. May be called twice. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** Makes the data folder, readable by its owner only, and gives its real path. */
export function openFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return realpathSync(folder);
}

/** Adopts the server of the folder or starts one, and returns when it answers. */
export async function launch(folder: string, server: Launch): Promise<EmbeddedServer> {
  return withStartLock(folder, async () => {
    const found = await adopt(server);
    const current = found ?? (await startAnew(server));
    hold(folder);
    server.log(`${server.product} ${found ? 'was still running and is adopted' : 'is started'} (pid ${current.pid})`);
    return {
      pid: current.pid,
      adopted: found !== undefined,
      stop: () => withStartLock(folder, () => leave(folder, server, current)),
    };
  });
}

/** One that ends while we ask it, as it was told to stop or was killed, may leave things that `find` has to clear up. */
async function adopt(server: Launch): Promise<ProcessIdentity | undefined> {
  for (;;) {
    const found = await server.find();
    if (found === undefined || (await comesUp(server, found))) return found;
  }
}

async function startAnew(server: Launch): Promise<ProcessIdentity> {
  const started = await server.start();
  try {
    if (await comesUp(server, started)) return started;
  } catch (error) {
    await endProcess(started, server.stopWith);
    throw error;
  }
  throw new Problem('upstream-unavailable', `${server.product} ended while starting:\n${lastLines(server.logFile)}`);
}

/** True when it answers, false when it ended instead. */
async function comesUp(server: Launch, starting: ProcessIdentity): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while (isRunning(starting)) {
    if (await server.answers()) return true;
    if (Date.now() > deadline) {
      const text = `${server.product} (pid ${starting.pid}) runs but does not answer; see ${server.logFile}`;
      throw new Problem('upstream-unavailable', text);
    }
    await pause(15);
  }
  return false;
}

async function leave(folder: string, server: Launch, current: ProcessIdentity): Promise<void> {
  const others = letGo(folder);
  if (others > 0) return server.log(`${server.product} goes on for ${others} other process(es)`);
  await endProcess(current, server.stopWith);
}
