import type { Database } from '@concord/database';
import type { EventLog, Vault } from '@concord/events';
import type { FaultInjection } from '@concord/resilience';

/** What every connector is made of; its own settings it reads itself. */
export interface ConnectorParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly events: EventLog;
  readonly clock: () => Date;
  readonly faults: FaultInjection;
}
