/** All simulators of the table side by side, each with faults of its own, on one clock that can be turned. */
import path from 'node:path';
import { SimulatorClock } from './clock.js';
import { startControl } from './control.js';
import { Faults } from './faults.js';
import type { Simulator, StartSimulator } from './simulator.js';

export interface WorldOptions {
  /** Port of the control endpoint; the simulators have those after it. 0: any free ones. */
  readonly port: number;
  readonly dataDir: string;
  readonly simulators: Readonly<Record<string, StartSimulator>>;
  readonly clock?: SimulatorClock;
}

export interface World {
  /** Where faults are told and the clock is turned. */
  readonly controlUrl: string;
  readonly urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startWorld({ port, dataDir, simulators, clock: given }: WorldOptions): Promise<World> {
  const clock = given ?? new SimulatorClock();
  const names = Object.keys(simulators);
  const faults = new Map(names.map((name) => [name, new Faults(() => clock.now())]));
  const running = new Map<string, Simulator>();
  const close = async () => {
    clock.stop();
    await Promise.all([...running.values()].map((simulator) => simulator.close()));
  };
  try {
    await Promise.all(
      names.map(async (name, i) => {
        const own = { clock, faults: faults.get(name)!, dataDir: path.join(dataDir, name) };
        running.set(name, await simulators[name]!({ port: port && port + 1 + i, ...own }));
      }),
    );
    const urls = Object.fromEntries(names.flatMap((name) => addressesOf(name, running.get(name)!)));
    const control = await startControl({ port, clock, faults, urls });
    return { controlUrl: control.url, urls, close: async () => void (await Promise.all([control.close(), close()])) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its own under its name, and each other door of it after that. */
const addressesOf = (name: string, { url, doors = {} }: Simulator): [string, string][] => [
  [name, url],
  ...Object.entries(doors).map(([door, address]): [string, string] => [`${name}-${door}`, address]),
];
