/**
 * Who uses an embedded server: one file per process in `<folder>/holders`. When an app ends, the server goes on for the
 * others; the last one out stops it. A process that died without letting go does not count.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning } from './processes.js';

/** Notes that this process uses the server; asking twice is the same as once. */
export function hold(folder: string): void {
  mkdirSync(holdersOf(folder), { recursive: true, mode: 0o700 });
  writeFileSync(join(holdersOf(folder), ownName()), '', { mode: 0o600 });
}

/** Lets go, and counts the other processes that still use the server. */
export function letGo(folder: string): number {
  rmSync(join(holdersOf(folder), ownName()), { force: true });
  let others = 0;
  for (const name of existsSync(holdersOf(folder)) ? readdirSync(holdersOf(folder)) : []) {
    const [pid, startTicks] = name.split('-');
    if (isRunning({ pid: Number(pid), startTicks: String(startTicks) })) others += 1;
    else rmSync(join(holdersOf(folder), name), { force: true });
  }
  return others;
}

const holdersOf = (folder: string): string => join(folder, 'holders');

const ownName = (): string => `${process.pid}-${identify(process.pid)?.startTicks}`;
