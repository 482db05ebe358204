import { laborSince } from '../labor/tables.js';
import { recordMigration } from '../record/record.store.js';

/** The sandbox's own schema. Allocations are only ever added: a reversal is a row that names the row it reverses, once. */
export const migrations = {
  '001-workforce': `
    create schema sandbox_hcm;
    create table sandbox_hcm.worker (
      id text primary key,
      name text not null,
      role text not null,
      cost_center text,
      status text not null
    );
    create table sandbox_hcm.shift (
      id text primary key,
      worker_id text not null references sandbox_hcm.worker,
      facility text not null,
      date date not null,
      hours int not null
    );
    create index shift_worker on sandbox_hcm.shift (worker_id, id);
    create table sandbox_hcm.labor_rate (
      role text primary key,
      hourly_cost numeric(15, 2) not null,
      currency text not null
    );`,
  '002-labor-allocation': `
    create table sandbox_hcm.labor_allocation (
      sequence bigint generated always as identity primary key,
      business_key text not null,
      reference text not null,
      facility text not null,
      date date not null,
      lines jsonb not null,
      cost numeric(17, 2) not null,
      currency text not null,
      reverses bigint unique references sandbox_hcm.labor_allocation,
      reason text,
      booked_at timestamptz not null,
      unique nulls not distinct (business_key, reverses)
    );
    create index labor_allocation_reference on sandbox_hcm.labor_allocation (reference);`,
  // Workers and shifts were only ever seeded; the record has them, and all else, from the next seed on.
  '003-record': `
    drop table sandbox_hcm.shift;
    drop table sandbox_hcm.worker;
    ${recordMigration('sandbox_hcm')}`,
  '004-labor-since': laborSince('sandbox_hcm'),
  '005-rate-changes': 'alter table sandbox_hcm.labor_rate add column changed_at timestamptz not null default now()',
};
