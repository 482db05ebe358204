import type { Provider } from '@nestjs/common';
import type { Database } from '@concord/database';
import type { EventLog } from '@concord/events';
import type { Transports } from '../transports.js';
import type { Scheduler } from './housekeeping.js';

/** What a host gives to its parts. */
export interface HostSurroundings {
  readonly database: Database;
  readonly events: EventLog;
  readonly transports: Transports;
  readonly dataDir: string;
  readonly clock: () => Date;
  readonly print: (part: string, line: string) => void;
}

/** Something that a host runs beside its APIs, for example the workflow engine. */
export interface HostPart {
  readonly name: string;
  /** Begins at once, beside the database, what takes long. */
  begin(surroundings: Pick<HostSurroundings, 'dataDir' | 'print'>): Promise<PreparedPart>;
}

export interface PreparedPart {
  /** Before the APIs start; what it provides, they can inject. */
  prepare(surroundings: HostSurroundings): Promise<readonly Provider[]>;
  /** Runs work again and again, in one process of several; to be called before `start`. */
  readonly schedule?: Scheduler;
  /** Once the APIs answer. */
  start(): Promise<void>;
  /** Ends its work; the APIs still answer meanwhile. */
  stop(): Promise<void>;
  /** Last of all: ends what it started outside the process. */
  end(): Promise<void>;
}
