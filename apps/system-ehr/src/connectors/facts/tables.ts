/** The schema of a connector that builds its record from statements: `hl7v2_ehr`, `files_ehr`. */
import type { Generated } from 'kysely';

export type FactTables = {
  thing: {
    kind: string;
    id: string;
    /** Rises with each change. */
    revision: number;
    changed_at: Date;
    /** When it begins, where it has a time of its own: an appointment. */
    starts_at: Date | null;
    /** What lists are filtered by, as `status:booked`; ids and codes, never a name. */
    facets: string[];
    /** The sheet, sealed for its kind and id. */
    body: Buffer;
  };
  message: {
    id: string;
    /** Rises in the order of arrival. */
    position: Generated<number>;
    received_at: Date;
    /** Who sent it, as `application/facility`. */
    sender: string;
    /** `ADT^A03`. */
    type: string;
    /** `mapped`, `kept` where nobody reads its type, `refused`. */
    outcome: string;
    /** Of a refusal, with places and without values. */
    faults: string;
    /** What the mapping lost of it. */
    loss_id: string | null;
  };
  loss: { id: string; losses: string };
};

/**
 * What may hold PHI lies sealed in `body`; in the clear are ids that say nothing by themselves, times, codes, and the
 * canonical encounter, which names nobody.
 */
export const factMigrations = (schema: string) => ({
  '001-record': `
    create schema ${schema};
    create table ${schema}.thing (
      kind text not null,
      id text not null,
      revision int not null,
      changed_at timestamptz not null,
      starts_at timestamptz,
      facets text[] not null,
      body bytea not null,
      primary key (kind, id)
    );
    alter table ${schema}.thing alter column body set storage external;
    create index thing_change on ${schema}.thing (kind, changed_at, id);
    create index thing_facets on ${schema}.thing using gin (facets) with (fastupdate = on) where kind not in ('encounter', 'patient');
    create table ${schema}.encounter (
      id text primary key,
      version int not null,
      digest text not null,
      status text not null,
      body jsonb not null,
      updated_at timestamptz not null
    );
    create index encounter_change on ${schema}.encounter (updated_at, id);
    create table ${schema}.loss (
      id text primary key,
      losses jsonb not null
    );
    create table ${schema}.message (
      id text primary key,
      position bigint generated always as identity unique,
      received_at timestamptz not null,
      sender text not null,
      type text not null,
      outcome text not null,
      faults jsonb,
      loss_id text
    );`,
  // Messages lie in the order in which they came, so that a summary of each range of pages is index enough.
  '002-message-since': `create index message_since on ${schema}.message using brin (received_at);`,
});
