/** The sandbox's own schema. An encounter has one claim that is not void; a voided one makes room for the next. */
export const migrations = {
  '001-contracts': `
    create schema sandbox_revenue_cycle;
    create table sandbox_revenue_cycle.charge_item (
      code text primary key,
      description text not null,
      price numeric(15, 2) not null,
      currency text not null,
      service_line text not null,
      hcpcs text
    );
    create table sandbox_revenue_cycle.payer (
      code text primary key,
      name text not null,
      kind text not null,
      expected_share numeric(7, 6) not null
    );`,
  '002-claim': `
    create table sandbox_revenue_cycle.claim (
      sequence bigint generated always as identity primary key,
      business_key text not null unique,
      encounter_id text not null,
      facility text not null,
      payer text not null,
      service_date date not null,
      lines jsonb not null,
      charge numeric(17, 2) not null,
      expected numeric(17, 2) not null,
      currency text not null,
      status text not null default 'ready',
      voided_by text,
      void_reason text,
      created_at timestamptz not null
    );
    create index claim_encounter on sandbox_revenue_cycle.claim (encounter_id);
    create unique index claim_live on sandbox_revenue_cycle.claim (encounter_id) where status <> 'void';`,
};
