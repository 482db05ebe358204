/** What the connector remembers of an EHR that can be asked: encounters as they were announced, and how far it has looked. */
import type { Database } from '@concord/database';
import { sql } from 'kysely';

export const SCHEMA = 'fhir_ehr';

export const migrations = {
  '001-record': `
    create schema fhir_ehr;
    create table fhir_ehr.encounter (
      id text primary key,
      version int not null,
      digest text not null,
      status text not null,
      body jsonb not null,
      updated_at timestamptz not null
    );
    create index encounter_change on fhir_ehr.encounter (updated_at, id);
    create table fhir_ehr.seen (
      encounter_id text primary key,
      last_updated text not null
    );
    create table fhir_ehr.to_fetch (
      encounter_id text primary key,
      told_at timestamptz not null
    );
    create table fhir_ehr.staged (
      key text primary key,
      encounter_id text,
      parent text,
      body bytea not null
    );
    create index staged_encounter on fhir_ehr.staged (encounter_id) where encounter_id is not null;
    create index staged_parent on fhir_ehr.staged (parent) where encounter_id is null and parent is not null;
    create table fhir_ehr.remembered (
      name text primary key,
      value jsonb not null
    );`,
};

/** Something small that has to outlive the process: a position, a subscription, a job. */
export async function remembered<T>(database: Database, name: string): Promise<T | undefined> {
  const { rows } = await sql<{ value: T }>`select value from fhir_ehr.remembered where name = ${name}`.execute(
    database,
  );
  return rows[0]?.value;
}

export async function remember(database: Database, name: string, value: unknown): Promise<void> {
  await sql`
    insert into fhir_ehr.remembered (name, value) values (${name}, ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set value = excluded.value`.execute(database);
}

export async function forget(database: Database, name: string): Promise<void> {
  await sql`delete from fhir_ehr.remembered where name = ${name}`.execute(database);
}

/** Encounters that are to be fetched; told again, they are fetched once. */
export async function noteToFetch(database: Database, ids: readonly string[], now: Date): Promise<void> {
  await sql`
    insert into fhir_ehr.to_fetch (encounter_id, told_at) select id, ${now} from unnest(${ids}::text[]) as told (id)
    on conflict (encounter_id) do update set told_at = excluded.told_at`.execute(database);
}

/** Those that were told of first. */
export async function readToFetch(database: Database, limit: number): Promise<{ id: string; toldAt: Date }[]> {
  const { rows } = await sql<{ id: string; toldAt: Date }>`
    select encounter_id as id, told_at as "toldAt" from fhir_ehr.to_fetch order by told_at limit ${limit}`.execute(
    database,
  );
  return rows;
}

/** Done, unless it was told of again meanwhile. */
export async function noteFetched(database: Database, id: string, toldAt: Date): Promise<void> {
  await sql`delete from fhir_ehr.to_fetch where encounter_id = ${id} and told_at <= ${toldAt}`.execute(database);
}
