import os from 'node:os';
import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import { vendors } from '@concord/resilience';
import { sql } from 'kysely';

const EVERY_MS = 5_000;
const SYSTEM = /^system\//;

/**
 * Writes down every few seconds how the systems behind are doing, as this process sees them, so that whoever watches sees
 * what all processes see. Returns what ends it.
 */
export function connectorHealth(database: Database): () => Promise<void> {
  const process_ = `${os.hostname()}/${process.pid}`;
  let writing: Promise<unknown> = Promise.resolve();
  const write = () => {
    const rows = vendors()
      .filter(({ name }) => SYSTEM.test(name))
      .map((vendor) => vendor.health());
    writing = sql`
      insert into api.connector_health (process, connector, health, seen_at)
      select ${process_}, health ->> 'vendor', health, now() from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) health
      on conflict (process, connector) do update set health = excluded.health, seen_at = excluded.seen_at`
      .execute(database)
      .catch((error: unknown) => log.error('connector-health.failed', { error }));
  };
  write();
  const timer = setInterval(write, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await writing;
    await sql`delete from api.connector_health where process = ${process_}`.execute(database);
  };
}
