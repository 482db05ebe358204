import { laborMigration, laborSince } from '../labor/tables.js';
import { recordMigration } from '../record/record.store.js';

export const SCHEMA = 'files_hcm';

/** Files as they came, sealed in pieces, and what became of each. */
export const filesMigrations = {
  '001-files': `
    create schema ${SCHEMA};
    ${recordMigration(SCHEMA)}
    ${laborMigration(SCHEMA)}
    create table ${SCHEMA}.extract (
      sequence bigint generated always as identity primary key,
      id text not null unique,
      name text not null,
      kind text,
      status text not null,
      reason text,
      accepted boolean not null default false,
      attempts int not null default 0,
      written_at timestamptz not null,
      received_at timestamptz not null,
      lines int not null default 0,
      changed int not null default 0,
      ended int not null default 0,
      fault_count int not null default 0,
      faults jsonb not null default '[]'
    );
    create index extract_waiting on ${SCHEMA}.extract (written_at, sequence) where status = 'received';
    create index extract_applied on ${SCHEMA}.extract (kind, written_at) where status = 'applied';
    create table ${SCHEMA}.piece (
      extract text not null,
      number int not null,
      sealed bytea not null,
      kept_at timestamptz not null,
      primary key (extract, number)
    );
    create index piece_age on ${SCHEMA}.piece (kept_at);`,
  '002-labor-since': laborSince(SCHEMA),
  '003-extract-changes': `
    alter table ${SCHEMA}.extract add column changed_at timestamptz;
    update ${SCHEMA}.extract set changed_at = received_at;
    alter table ${SCHEMA}.extract alter column changed_at set not null;`,
};
