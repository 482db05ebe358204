/**
 * The sandbox's own schema. What may hold PHI lies sealed in `body`; in the clear are types, ids, keyed digests, times,
 * and the canonical encounter, which names nobody.
 */
export const migrations = {
  '001-record': `
    create schema sandbox_ehr;
    create table sandbox_ehr.resource (
      key text primary key,
      encounter_id text,
      parent text,
      changed_at timestamptz,
      digest text not null,
      body bytea not null,
      arrival bigint generated always as identity
    );
    alter table sandbox_ehr.resource alter column body set storage external;
    create index resource_encounter on sandbox_ehr.resource (encounter_id) where encounter_id is not null;
    create index resource_orphan on sandbox_ehr.resource (parent) where encounter_id is null and parent is not null;
    create table sandbox_ehr.mention (
      target text not null,
      source text not null,
      primary key (target, source)
    );
    create index mention_source on sandbox_ehr.mention (source);
    create table sandbox_ehr.encounter (
      id text primary key,
      version int not null,
      digest text not null,
      status text not null,
      body jsonb not null,
      updated_at timestamptz not null
    );
    create index encounter_change on sandbox_ehr.encounter (updated_at, id);`,
  // Lists go by type and change. Times of a page token have milliseconds, so what they are compared with has no more.
  '002-lists': `
    alter table sandbox_ehr.resource
      add column type text generated always as (split_part(key, '/', 1)) stored,
      add column heard_at timestamptz not null default date_trunc('milliseconds', clock_timestamp());
    create function sandbox_ehr.hear() returns trigger language plpgsql as $$
      begin new.heard_at := date_trunc('milliseconds', clock_timestamp()); return new; end $$;
    create trigger hear before update on sandbox_ehr.resource for each row execute function sandbox_ehr.hear();
    create index resource_change on sandbox_ehr.resource (type, heard_at, key);`,
};
