import type { SimulatorClock } from './clock.js';
import type { Faults } from './faults.js';

/** What every simulator can be told when it starts. */
export interface SimulatorOptions {
  /** Port on 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /** Its own time; turned by tests. */
  readonly clock: SimulatorClock;
  /** What it is told to do wrong. */
  readonly faults: Faults;
  /** Folder for what it has to keep, such as a host key; it makes it when it needs it. */
  readonly dataDir: string;
}

/** A system of the outside world that runs: it is spoken to over its wire only. */
export interface Simulator {
  /** How it is reached: `http://127.0.0.1:9301`, `sftp://127.0.0.1:9302`. */
  readonly url: string;
  /** Where else the same system is met, by what is found there: `extracts` at `sftp://127.0.0.1:9325`. */
  readonly doors?: Readonly<Record<string, string>>;
  /** Ends its connections and timers. */
  close(): Promise<void>;
}

export type StartSimulator = (options: SimulatorOptions) => Promise<Simulator>;
