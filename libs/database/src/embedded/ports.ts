/** Ports of embedded servers: the wanted one, else the one it had before, else a free one; 127.0.0.1 only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { Problem } from '@concord/canonical';

export interface WantedPort {
  /** Undefined is any free port, which is then remembered in the data folder. */
  readonly port: number | undefined;
  /** The name of the setting that a person changes when the port is taken. */
  readonly setting: string;
}

/** Chooses a port for each name and remembers it. Throws `conflict` where a wanted port is not free. */
export async function choosePorts<Name extends string>(
  folder: string,
  wanted: Readonly<Record<Name, WantedPort>>,
): Promise<Record<Name, number>> {
  const before = rememberedPorts<Name>(folder);
  const taken: Server[] = []; // kept open until all are chosen, so that no port is chosen twice
  const chosen: [string, number][] = [];
  try {
    for (const [name, { port, setting }] of Object.entries(wanted) as [Name, WantedPort][]) {
      const remembered = before?.[name];
      const server =
        port !== undefined
          ? await bind(port).catch((cause: unknown) => refuse(port, setting, cause))
          : await bind(remembered ?? 0).catch(() => bind(0));
      taken.push(server);
      chosen.push([name, (server.address() as AddressInfo).port]);
    }
  } finally {
    await Promise.all(taken.map((server) => new Promise((closed) => server.close(closed))));
  }
  const ports = Object.fromEntries(chosen) as Record<Name, number>;
  writeFileSync(fileOf(folder), JSON.stringify(ports), { mode: 0o600 });
  return ports;
}

/** The ports chosen at the last start, if there was one. */
export function rememberedPorts<Name extends string>(folder: string): Record<Name, number> | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Record<Name, number>;
  } catch {
    return undefined; // none yet, or a start was cut off while writing it
  }
}

const fileOf = (folder: string): string => join(folder, 'ports.json');

function refuse(port: number, setting: string, cause: unknown): never {
  const why =
    (cause as NodeJS.ErrnoException).code === 'EACCES' ? 'is not allowed to us' : 'is taken by another program';
  throw new Problem('conflict', `Port ${port} of 127.0.0.1 ${why}: set ${setting} to a free port`, { cause });
}

const bind = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
