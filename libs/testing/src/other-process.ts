import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/**
 * Calls a function that a TypeScript module exports in a process of its own, for a test that kills it. The process says
 * `running` on its standard output once the function has returned.
 *
 * @param module the module's file
 * @param argument what the function takes; it travels as JSON
 */
export function inOtherProcess(module: string, name: string, argument: unknown): ChildProcess {
  const script = join(import.meta.dirname, 'call-exported.mjs');
  const args = [script, module, name, JSON.stringify(argument)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}
