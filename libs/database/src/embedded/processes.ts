/**
 * Which processes are ours, told by what the kernel says of them in /proc: a pid alone proves nothing, since it may be a
 * zombie or, after a while, another program's.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One process for good: the same pid with another start time is another process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat. */
  readonly startTicks: string;
}

/** Undefined where nothing runs under this pid; a zombie does not run. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything, so the fields are counted from behind it: state is the 3rd.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTicks = rest[18];
  return startTicks === undefined || state === 'Z' || state === 'X' ? undefined : { pid, startTicks };
}

/** Whether this very process still runs. */
export const isRunning = ({ pid, startTicks }: ProcessIdentity): boolean => identify(pid)?.startTicks === startTicks;

/** All running processes of a program (the file name of its binary) whose command line contains `mark`. */
export function findProcesses(program: string, mark: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(mark) && programOf(pid) === program)
    .map((pid) => identify(Number(pid)))
    .filter((found) => found !== undefined);
}

/** Sends each signal in turn until the process is gone, waiting the given milliseconds after each. */
export async function endProcess(
  target: ProcessIdentity,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<void> {
  for (const [signal, patience] of signals) {
    if (!isRunning(target)) return;
    send(target.pid, signal);
    const deadline = Date.now() + patience;
    while (isRunning(target) && Date.now() < deadline) await pause(10);
  }
}

/** The kernel hides the binary of another user's process from a root without SYS_PTRACE; its short name it tells all. */
function programOf(pid: string): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
  } catch {
    return read(`/proc/${pid}/comm`).trim();
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended meanwhile
  }
}
