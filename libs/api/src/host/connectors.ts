import { choice, code, count, instant, list, pageOf, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import { FALLBACKS, type Fallback, type VendorHealth } from '@concord/resilience';
import { sql } from 'kysely';

const STATES = ['closed', 'half-open', 'open'] as const;

/** One group of operations of a system behind. */
export class ConnectorCapability {
  @code('The resource', { example: 'journal-entries' })
  capability!: string;

  @choice('Its breaker: open while it has been failing, half-open while it is tried again', STATES)
  state!: (typeof STATES)[number];

  @choice('What callers do while it does not answer', FALLBACKS)
  fallback!: Fallback;
}

/** How a system behind is doing, as one process of ours sees it. */
export class Connector {
  @code('The system API in front of it, `system:erp`', { example: 'system:erp' })
  connector!: string;

  @code('The process that says so', { example: 'gateway-1:4711' })
  process!: string;

  @instant('When it said so')
  asOf!: string;

  @list('Its capabilities that were called so far', () => ConnectorCapability)
  capabilities!: ConnectorCapability[];

  @count('Calls under way')
  active!: number;

  @count('Calls that wait for their turn')
  waiting!: number;

  @count('Calls in the last minute; where there is a limit', { optional: true })
  callsLastMinute?: number;

  @count('Calls a minute that its owner allows; absent where there is no limit', { optional: true })
  callsPerMinute?: number;

  @count('Seconds until the limit is reached if calls go on as in the last minute', { optional: true })
  exhaustedInSeconds?: number;

  @instant('End of the maintenance window that is open', { optional: true })
  maintenanceUntil?: string;

  @instant('Since when it has answered without a failure in between', { optional: true })
  connectedSince?: string;

  @instant('When it answered last', { optional: true })
  answeredAt?: string;

  @instant('When it failed last', { optional: true })
  failedAt?: string;

  @instant('When its credential ends, where it is known', { optional: true })
  credentialExpiresAt?: string;
}

export const ConnectorPage = pageOf(Connector);

/** A process that has not been heard of for so long is gone. */
const HEARD_SECONDS = 60;
const MOST = 500;

type Written = {
  readonly [Name in keyof VendorHealth]: VendorHealth[Name] extends Date | undefined ? string : VendorHealth[Name];
};

/** How every system behind is doing, in each process that calls it. Addresses and secrets are not among it. */
export async function readConnectors(database: Database): Promise<Page<Connector>> {
  const { rows } = await sql<{ process: string; health: Written; seen_at: Date }>`
    select process, health, seen_at from api.connector_health
    where seen_at > now() - ${HEARD_SECONDS} * interval '1 second'
    order by connector, process limit ${MOST}`.execute(database);
  const items = rows.map(({ process, health: { vendor, capabilities, ...health }, seen_at }) => ({
    connector: vendor.replaceAll('/', ':'),
    process: process.replaceAll('/', ':'),
    asOf: seen_at.toISOString(),
    capabilities: [...capabilities],
    ...health,
  }));
  return { items };
}

/** Removes what processes left behind that did not end well. */
export async function forgetProcesses(database: Database): Promise<void> {
  await sql`delete from api.connector_health where seen_at < now() - interval '1 hour'`.execute(database);
}
