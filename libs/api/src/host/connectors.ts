import { choice, code, codes, count, instant, list, pageOf, text, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import {
  CREDENTIAL_KINDS,
  FALLBACKS,
  VENDOR_STATUSES,
  type Credential,
  type Fallback,
  type VendorHealth,
  type VendorStatus,
} from '@concord/resilience';
import { sql } from 'kysely';

const STATES = ['closed', 'half-open', 'open'] as const;

/** One group of operations of a system behind. */
export class ConnectorCapability {
  @text('The resource, or what the system itself calls it', { example: 'journal-entries', max: 100 })
  capability!: string;

  @choice('Its breaker: open while it has been failing, half-open while it is tried again', STATES)
  state!: (typeof STATES)[number];

  @choice('What callers do while it does not answer; where it is a resource of ours', FALLBACKS, { optional: true })
  fallback?: Fallback;

  @instant('Since when callers do that, because it is known not to answer', { optional: true })
  fallbackSince?: string;
}

/** A credential by which a system behind knows us, without the secret. */
export class ConnectorCredential {
  @choice('What it is', CREDENTIAL_KINDS)
  kind!: Credential['kind'];

  @instant('When it was obtained, last changed, or first used by us', { optional: true })
  since?: string;

  @instant('When it ends, where that is known', { optional: true })
  expiresAt?: string;
}

/** How a system behind is doing, as one process of ours sees it. */
export class Connector {
  @code('A system API, `system:erp`, or a system behind one, `tryton`', { example: 'system:erp' })
  connector!: string;

  @codes('The system APIs that it stands behind; none where it is itself one')
  apis!: string[];

  @choice(
    '`down` since the last call or probe failed, or while it cannot do what it is there for; `unknown` before the first',
    VENDOR_STATUSES,
  )
  status!: VendorStatus;

  @text('What failed last: the reason or the slug of its problem, or words; absent once it is well again', {
    optional: true,
  })
  failure?: string;

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

  @instant('Until when it has asked for a pause', { optional: true })
  heldUntil?: string;

  @instant('Since when it has answered without a failure in between', { optional: true })
  connectedSince?: string;

  @instant('When it answered last', { optional: true })
  answeredAt?: string;

  @instant('When it failed last', { optional: true })
  failedAt?: string;

  @instant('When it last sent us something by itself: a message, a notice, a file', { optional: true })
  heardAt?: string;

  @instant('When it was last asked only to learn whether it answers', { optional: true })
  probedAt?: string;

  @list('The credentials by which it knows us', () => ConnectorCredential)
  credentials!: ConnectorCredential[];

  @instant('The first end of a credential that people have to renew, where it is known', { optional: true })
  credentialExpiresAt?: string;
}

export const ConnectorPage = pageOf(Connector);

/** A process that has not been heard of for so long is gone. */
const HEARD_SECONDS = 60;
const MOST = 500;

type Written = {
  readonly [Name in keyof Omit<VendorHealth, 'credentials'>]: VendorHealth[Name] extends Date | undefined
    ? string
    : VendorHealth[Name];
} & { readonly credentials: readonly ConnectorCredential[] };

/** How every system behind is doing, in each process that calls it. Addresses and secrets are not among it. */
export async function readConnectors(database: Database): Promise<Page<Connector>> {
  const { rows } = await sql<{ process: string; health: Written; seen_at: Date }>`
    select process, health, seen_at from api.connector_health
    where seen_at > now() - ${HEARD_SECONDS} * interval '1 second'
    order by connector, process limit ${MOST}`.execute(database);
  const items = rows.map(({ process, health: { vendor, apis, capabilities, credentials, ...health }, seen_at }) => ({
    connector: coded(vendor),
    apis: apis.map(coded),
    process: coded(process),
    asOf: seen_at.toISOString(),
    capabilities: capabilities as readonly object[] as ConnectorCapability[],
    credentials: [...credentials],
    ...health,
  }));
  return { items };
}

const coded = (name: string): string => name.replaceAll('/', ':');

/** Removes what processes left behind that did not end well. */
export async function forgetProcesses(database: Database): Promise<void> {
  await sql`delete from api.connector_health where seen_at < now() - interval '1 hour'`.execute(database);
}
