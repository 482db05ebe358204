import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import type { EventLog, Vault } from '@concord/events';
import type { FaultInjection } from '@concord/resilience';

/** What connectors of the health record stand on; each takes what it needs, and reads its own settings itself. */
export interface ConnectorParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly faults: FaultInjection;
}
