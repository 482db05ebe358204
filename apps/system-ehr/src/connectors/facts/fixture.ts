/** A record that is built from statements, with a Postgres of its own, for specifications. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Database } from '@concord/database';
import { eventMigrations, EventLog, Vault, type StoredEvent } from '@concord/events';
import type { FactsConnector } from './facts.connector.js';
import type { FactsParts } from './facts.intake.js';

export interface FactsRecord<C extends FactsConnector> {
  readonly ehr: C;
  readonly database: Database;
  readonly events: EventLog;
  readonly vault: Vault;
  /** The events of one encounter, oldest first, each as its type's last word but one: `completed`. */
  said(encounterId: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startRecord<C extends FactsConnector>(
  make: (parts: Omit<FactsParts, 'schema'>) => C,
  clock: () => Date = () => new Date(),
): Promise<FactsRecord<C>> {
  const folder = await mkdtemp(join(tmpdir(), 'concord-ehr-'));
  const postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  const database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  const vault = Vault.fromSecret(Buffer.alloc(32, 7).toString('base64'));
  const events = new EventLog(database, vault, { clock, rawRetentionDays: 30 });
  const ehr = make({ database, vault, events, clock });
  await ehr.onModuleInit();
  const word = ({ type }: StoredEvent) => type.split('.').at(-2) ?? '';
  return {
    ehr,
    database,
    events,
    vault,
    said: async (encounterId) =>
      (await events.after(0, 100_000)).filter(({ subject }) => subject === encounterId).map(word),
    stop: async () => {
      await database.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}
