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
  '003-settlement': `
    alter table sandbox_revenue_cycle.charge_item add column revenue_code text;
    alter table sandbox_revenue_cycle.claim
      add column kind text not null default 'institutional',
      add column diagnoses jsonb,
      add column payer_claim_number text;
    create index claim_status on sandbox_revenue_cycle.claim (status, sequence);
    create table sandbox_revenue_cycle.claim_history (
      sequence bigint generated always as identity primary key,
      claim bigint not null references sandbox_revenue_cycle.claim,
      cause text not null,
      status text not null,
      source text not null,
      codes jsonb not null,
      detail text,
      at timestamptz not null,
      unique (claim, cause)
    );
    create table sandbox_revenue_cycle.document (
      sequence bigint generated always as identity primary key,
      kind text not null,
      business_key text not null,
      encounter_id text,
      claim text,
      payer text,
      status text,
      body jsonb not null,
      sealed bytea,
      revision integer not null default 1,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      unique (kind, business_key)
    );
    create index document_kind on sandbox_revenue_cycle.document (kind, sequence);
    create index document_encounter on sandbox_revenue_cycle.document (encounter_id, kind);`,
  '004-claim-changes': `
    alter table sandbox_revenue_cycle.claim add column provider jsonb, add column changed_at timestamptz;
    update sandbox_revenue_cycle.claim set changed_at = created_at;
    alter table sandbox_revenue_cycle.claim alter column changed_at set not null;
    create index claim_changed on sandbox_revenue_cycle.claim (changed_at);`,
  '005-contract-changes': `
    alter table sandbox_revenue_cycle.charge_item add column changed_at timestamptz not null default now();
    alter table sandbox_revenue_cycle.payer add column changed_at timestamptz not null default now();
    create table sandbox_revenue_cycle.payer_rule (
      payer text primary key references sandbox_revenue_cycle.payer,
      claim_kind text not null,
      electronic_id text not null,
      timely_filing_days integer not null,
      most_lines integer not null,
      authorization_needed text[] not null,
      changed_at timestamptz not null
    );`,
  '006-other-decisions': `alter table sandbox_revenue_cycle.claim add column other_decisions jsonb;`,
};
