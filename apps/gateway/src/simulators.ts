/** The simulators as a child of the gateway. It is tied to us by a channel and ends with us, even if we are killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { configure, isLoopback, variable, type HostConfig } from '@concord/api';
import { SimulatorsConfig } from './simulators.config.js';

const MAIN = fileURLToPath(new URL('../../simulators/src/main.js', import.meta.url));
const GRACE_MS = 3000;

interface Simulators {
  /** Says where they are, or why they are not. */
  tell(print: (part: string, line: string) => void): void;
  stop(): Promise<void>;
}

const NONE: Simulators = { tell: () => undefined, stop: async () => undefined };

/** The place of the identity provider among the simulators, which is its port after theirs; and what it lets us in by. */
const IDENTITY = { place: 3, token: 'synthetic-scim-token' };

/**
 * Where no identity provider is set, workers are brought to the simulated one: those of the sandbox, who are made up, and
 * nobody who could be real.
 */
export function bringWorkersToSimulator({ host }: HostConfig, environment = process.env): void {
  const { simulators, port } = configure(SimulatorsConfig, environment);
  const areMadeUp = (variable('CONNECTOR_HCM', environment) ?? 'sandbox') === 'sandbox';
  if (simulators === 'off' || port === 0 || !isLoopback(host) || !areMadeUp || variable('SCIM_URL', environment))
    return;
  environment['SCIM_URL'] = `http://127.0.0.1:${port + IDENTITY.place}/scim/v2`;
  environment['SCIM_TOKEN'] = IDENTITY.token;
}

/** Starts them in a process of their own and does not wait for it; none where others could reach the gateway. */
export function startSimulators({ host, dataDir }: HostConfig): Simulators {
  const { simulators, port } = configure(SimulatorsConfig);
  if (simulators === 'off' || !isLoopback(host)) return NONE;
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, SIMULATORS_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit').catch(() => undefined);
  const failed = once(child, 'error').then(([error]) => error as Error);
  return {
    tell: (print) => {
      const say = (line: string) => print('simulators', line);
      void failed.then(({ message }) => say(`do not run: ${message}`));
      for (const output of [child.stdout!, child.stderr!]) createInterface({ input: output }).on('line', say);
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await exited;
      clearTimeout(impatience);
    },
  };
}
