import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, Projection } from '@concord/api';
import { upsert, type Database } from '@concord/database';
import { EventLog, type StoredEvent } from '@concord/events';
import { sql } from 'kysely';
import { toRow, toStanding } from './billing-status.mapping.js';
import { BILLING_STATUS_COLUMNS, clinicMigrations, type ClinicTables } from './billing-status.tables.js';
import { TAKEN } from './next-status.js';
import { after, encounterOf, type Standing } from './standing.js';

/** Names the cursor. A migration that empties the table raises the number, and the rows are made anew from the log. */
const SUBSCRIBER = { name: 'experience-clinic:billing-status:1', types: TAKEN };

/**
 * One row for each encounter, with where it stands. An event that was taken before changes nothing; taken again from
 * the first on, the events give the same rows.
 */
@Injectable()
export class BillingStatusProjection extends Projection {
  constructor(@Inject(DATABASE) database: Database, events: EventLog) {
    super(database, events, {
      schema: 'experience-clinic',
      migrations: clinicMigrations,
      subscriber: { ...SUBSCRIBER, take },
    });
  }
}

/** The cursor is locked meanwhile, so nobody else moves these rows between the read and the write. */
async function take(events: readonly StoredEvent[], tx: Database): Promise<void> {
  const about = events.flatMap((event) => {
    const encounterId = encounterOf(event);
    return encounterId === undefined ? [] : [{ encounterId, event }];
  });
  if (!about.length) return;
  const before = await standingsOf(tx, new Set(about.map(({ encounterId }) => encounterId)));
  const now = new Map(before);
  for (const { encounterId, event } of about) now.set(encounterId, after(now.get(encounterId), encounterId, event));
  const moved = [...now.values()].filter((standing) => standing !== before.get(standing.encounterId));
  if (moved.length) await keep(tx, moved);
}

async function standingsOf(tx: Database, encounters: ReadonlySet<string>): Promise<Map<string, Standing>> {
  const rows = await tx
    .$extendTables<ClinicTables>()
    .selectFrom('experience_clinic.billing_status')
    .selectAll()
    .where(sql<boolean>`encounter_id = any(${[...encounters]})`)
    .execute();
  return new Map(rows.map((row) => [row.encounter_id, toStanding(row)]));
}

async function keep(tx: Database, standings: readonly Standing[]): Promise<void> {
  await upsert(tx, 'experience_clinic.billing_status', BILLING_STATUS_COLUMNS, 'encounter_id', standings.map(toRow));
}
