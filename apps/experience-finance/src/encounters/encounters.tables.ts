import type { EncounterFinancials } from '@concord/canonical';
import type { Generated } from 'kysely';

/** One encounter, as its newest event says. */
export type EncounterRow = {
  encounter_id: string;
  facility: string;
  region: string;
  legal_entity: string;
  service_line: string;
  payer: string;
  service_date: string;
  accounting_date: string;
  currency: string;
  gross: string;
  expected: string;
  supply_cost: string;
  labor_cost: string;
  margin: Generated<string>;
  /** All that was announced, for the page of the one encounter. */
  financials: EncounterFinancials;
  financed_at: Date;
  withdrawn_at: Date | null;
  /** Position of the newest event that the row holds. */
  position: number;
};

/** Those that a projection writes: the margin follows from them. */
export const ENCOUNTER_COLUMNS = {
  encounter_id: 'text',
  facility: 'text',
  region: 'text',
  legal_entity: 'text',
  service_line: 'text',
  payer: 'text',
  service_date: 'date',
  accounting_date: 'date',
  currency: 'text',
  gross: 'numeric',
  expected: 'numeric',
  supply_cost: 'numeric',
  labor_cost: 'numeric',
  financials: 'json',
  financed_at: 'timestamptz',
  withdrawn_at: 'timestamptz',
  position: 'bigint',
} as const satisfies Partial<Record<keyof EncounterRow, unknown>>;

export type FinanceTables = { 'experience_finance.encounter': EncounterRow };

export const financeMigrations = {
  '001-encounter': `
    create schema experience_finance;
    create table experience_finance.encounter (
      encounter_id text primary key,
      facility text not null,
      region text not null,
      legal_entity text not null,
      service_line text not null,
      payer text not null,
      service_date date not null,
      accounting_date date not null,
      currency text not null,
      gross numeric(18, 2) not null,
      expected numeric(18, 2) not null,
      supply_cost numeric(18, 2) not null,
      labor_cost numeric(18, 2) not null,
      margin numeric(18, 2) generated always as (expected - supply_cost - labor_cost) stored,
      financials jsonb not null,
      financed_at timestamptz not null,
      withdrawn_at timestamptz,
      position bigint not null
    );
    create index encounter_newest on experience_finance.encounter (service_date desc, encounter_id desc);
    create index encounter_position on experience_finance.encounter (position);`,
  // Kept as it was written: only a page shows it.
  '002-as-written': `alter table experience_finance.encounter alter column financials type json;`,
};
