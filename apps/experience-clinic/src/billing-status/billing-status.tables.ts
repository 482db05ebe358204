import type { AttentionNeeded, BillingStatusWord } from './billing-status.dto.js';

export type BillingStatusRow = {
  encounter_id: string;
  status: BillingStatusWord;
  facility: string | null;
  attention: AttentionNeeded[];
  started_at: Date | null;
  completed_at: Date | null;
  financed_at: Date | null;
  cancelled_at: Date | null;
  withdrawn_at: Date | null;
  changed_at: Date;
  /** Position of the newest event that the row holds. */
  position: number;
};

/** The columns of a row, as Postgres calls their types. */
export const BILLING_STATUS_COLUMNS = {
  encounter_id: 'text',
  status: 'text',
  facility: 'text',
  attention: 'jsonb',
  started_at: 'timestamptz',
  completed_at: 'timestamptz',
  financed_at: 'timestamptz',
  cancelled_at: 'timestamptz',
  withdrawn_at: 'timestamptz',
  changed_at: 'timestamptz',
  position: 'bigint',
} as const satisfies Record<keyof BillingStatusRow, unknown>;

export type ClinicTables = { 'experience_clinic.billing_status': BillingStatusRow };

export const clinicMigrations = {
  '001-billing-status': `
    create schema experience_clinic;
    create table experience_clinic.billing_status (
      encounter_id text primary key,
      status text not null,
      facility text,
      attention jsonb not null,
      started_at timestamptz,
      completed_at timestamptz,
      financed_at timestamptz,
      cancelled_at timestamptz,
      withdrawn_at timestamptz,
      changed_at timestamptz not null,
      position bigint not null
    );
    create index billing_status_changed on experience_clinic.billing_status (position desc);
    create index billing_status_standing on experience_clinic.billing_status (status, position desc)
      where status <> 'financed';`,
};
