import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, Projection } from '@concord/api';
import { upsert, type Database } from '@concord/database';
import { EventLog, type StoredEvent } from '@concord/events';
import { sql } from 'kysely';
import { changesOf, TAKEN, type Withdrawal } from './encounter-changes.js';
import { ENCOUNTER_COLUMNS, financeMigrations } from './encounters.tables.js';

const TABLE = 'experience_finance.encounter';

/** Names the cursor. A migration that empties the table raises the number, and the rows are made anew from the log. */
const SUBSCRIBER = { name: 'experience-finance:encounters:1', types: TAKEN };

/**
 * One row for each encounter that was financed, as its newest event says. An event that was taken before changes
 * nothing; taken again from the first on, the events give the same rows.
 */
@Injectable()
export class EncountersProjection extends Projection {
  constructor(@Inject(DATABASE) database: Database, events: EventLog) {
    super(database, events, {
      schema: 'experience-finance',
      migrations: financeMigrations,
      subscriber: { ...SUBSCRIBER, take },
    });
  }
}

async function take(events: readonly StoredEvent[], tx: Database): Promise<void> {
  const { financed, withdrawn } = changesOf(events);
  if (financed.length) await upsert(tx, TABLE, ENCOUNTER_COLUMNS, 'encounter_id', financed, 'position');
  if (withdrawn.length) await withdraw(tx, withdrawn);
}

async function withdraw(tx: Database, withdrawals: readonly Withdrawal[]): Promise<void> {
  await sql`
    update experience_finance.encounter known
    set withdrawn_at = taken_back.withdrawn_at, position = taken_back.position
    from jsonb_to_recordset(${JSON.stringify(withdrawals)}::jsonb)
      as taken_back (encounter_id text, withdrawn_at timestamptz, position bigint)
    where known.encounter_id = taken_back.encounter_id and known.position < taken_back.position`.execute(tx);
}
