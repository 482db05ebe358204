/** A health record with a Postgres of its own, for specifications. */
import type { OnModuleInit } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres } from '@concord/database';
import { eventMigrations, EventLog, Vault, type StoredEvent } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import type { EhrConnector } from '../connector.js';
import type { ConnectorParts } from './connector-parts.js';

export interface RecordUnderTest<C extends EhrConnector> extends Omit<ConnectorParts, 'clock'> {
  readonly ehr: C;
  /** The events of one encounter, oldest first, each as its type's last word but one: `completed`. */
  said(encounterId: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startRecord<C extends EhrConnector & OnModuleInit>(
  make: (parts: ConnectorParts) => C,
  clock: () => Date = () => new Date(),
): Promise<RecordUnderTest<C>> {
  const folder = await mkdtemp(join(tmpdir(), 'concord-ehr-'));
  const postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  const database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  const vault = Vault.fromSecret(Buffer.alloc(32, 7).toString('base64'));
  const events = new EventLog(database, vault, { clock, rawRetentionDays: 30 });
  const faults = new FaultInjection();
  const ehr = make({ database, vault, events, clock, faults });
  await ehr.onModuleInit();
  const word = ({ type }: StoredEvent) => type.split('.').at(-2) ?? '';
  return {
    ehr,
    database,
    events,
    vault,
    faults,
    said: async (encounterId) =>
      (await events.after(0, 100_000)).filter(({ subject }) => subject === encounterId).map(word),
    stop: async () => {
      await database.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}
