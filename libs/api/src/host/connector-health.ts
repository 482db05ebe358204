import os from 'node:os';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { log } from '@concord/observability';
import { vendors, type Vendor } from '@concord/resilience';
import { sql } from 'kysely';
import { CredentialAge } from './credential-age.js';

const EVERY_MS = 5_000;
/** Our own APIs above the systems are no systems behind. */
const ABOVE = /^(process|experience)\//;

/**
 * Writes down every few seconds how the systems behind are doing, as this process sees them, so that whoever watches sees
 * what all processes see. Returns what ends it.
 */
export function connectorHealth(database: Database, vault: Pick<Vault, 'digest'>): () => Promise<void> {
  const process_ = `${os.hostname()}/${process.pid}`;
  const ages = new CredentialAge(database, vault);
  const shown = async (vendor: Vendor) => {
    const health = vendor.health();
    const credentials = await Promise.all(health.credentials.map((one) => ages.dated(health.vendor, one)));
    return { ...health, credentials };
  };
  const write = async () => {
    const rows = await Promise.all(
      vendors()
        .filter(({ name }) => !ABOVE.test(name))
        .map(shown),
    );
    await sql`
      insert into api.connector_health (process, connector, health, seen_at)
      select ${process_}, health ->> 'vendor', health, now() from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) health
      on conflict (process, connector) do update set health = excluded.health, seen_at = excluded.seen_at`.execute(
      database,
    );
  };
  let writing: Promise<void> | undefined;
  const begin = () => {
    writing ??= write()
      .catch((error: unknown) => log.error('connector-health.failed', { error }))
      .finally(() => (writing = undefined));
  };
  begin();
  const timer = setInterval(begin, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await writing;
    await sql`delete from api.connector_health where process = ${process_}`.execute(database);
  };
}
