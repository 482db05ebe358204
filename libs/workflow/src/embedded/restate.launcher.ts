/**
 * Restate as part of the product: where no `RESTATE_INGRESS_URL` is set, this starts one from the npm binary, or adopts
 * the one that still runs on the same folder. It has no login of its own, so it listens on 127.0.0.1 only.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  choosePorts,
  findProcesses,
  launch,
  openFolder,
  platformPackage,
  rememberedPorts,
  spawnDetached,
  type EmbeddedServer,
} from '@concord/database';
import { restateSettings, type RestatePorts } from './restate-settings.js';

export interface RestateOptions {
  readonly dataDir: string;
  /** Each port: undefined is any free one, the same one at the next start. */
  readonly ingressPort?: number | undefined;
  readonly adminPort?: number | undefined;
  readonly nodePort?: number | undefined;
  readonly log: (line: string) => void;
}

export interface RestateServer extends EmbeddedServer {
  /** Where runs are submitted. */
  readonly ingressUrl: string;
  /** Where services are registered and runs are looked into. */
  readonly adminUrl: string;
}

/** Restate writes what is in motion to disk as it goes, so a kill after the grace loses nothing. */
const STOP_WITH = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 2_000],
] as const;

/** Throws `conflict` when a port is taken, `upstream-unavailable` when Restate cannot run here; both say what to do. */
export async function startRestate({ dataDir, log, ...wanted }: RestateOptions): Promise<RestateServer> {
  const folder = openFolder(dataDir);
  const server = await launch(folder, {
    product: 'Restate',
    logFile: join(folder, 'restate.log'),
    find: () => findProcesses('restate-server', `${baseOf(folder)}\0`)[0],
    start: () => startServer(folder, wanted),
    answers: () => answers(folder),
    stopWith: STOP_WITH,
    log,
  });
  const { ingress, admin } = portsOf(folder);
  return { ...server, ingressUrl: urlOf(ingress), adminUrl: urlOf(admin) };
}

/** The argument that tells this server from others on the machine; a command line ends each argument with a NUL. */
const baseOf = (folder: string): string => `--base-dir=${join(folder, 'nodes')}`;

async function startServer(folder: string, wanted: Omit<RestateOptions, 'dataDir' | 'log'>) {
  const ports = await choosePorts(folder, {
    ingress: { port: wanted.ingressPort, setting: 'RESTATE_INGRESS_PORT' },
    admin: { port: wanted.adminPort, setting: 'RESTATE_ADMIN_PORT' },
    node: { port: wanted.nodePort, setting: 'RESTATE_NODE_PORT' },
  });
  const binary = join(platformPackage('@restatedev/restate-server-', 'RESTATE_INGRESS_URL'), 'bin/restate-server');
  return spawnDetached({
    command: [binary, '--no-logo', baseOf(folder)],
    env: restateSettings(ports, emptied(join(folder, 'tmp'))),
    folder,
    logFile: join(folder, 'restate.log'),
  });
}

/** A server that was killed leaves its temporary files behind. */
function emptied(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

const portsOf = (folder: string): RestatePorts =>
  rememberedPorts<keyof RestatePorts>(folder) ?? { ingress: 0, admin: 0, node: 0 };

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** Both doors have to be open: admin is so before the ingress. */
async function answers(folder: string): Promise<boolean> {
  const { ingress, admin } = portsOf(folder);
  const healthy = await Promise.all([`${urlOf(admin)}/health`, `${urlOf(ingress)}/restate/health`].map(isHealthy));
  return healthy.every(Boolean);
}

const isHealthy = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  );
