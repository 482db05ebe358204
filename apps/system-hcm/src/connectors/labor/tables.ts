import type { NewLaborAllocationLine } from '@concord/canonical';
import type { ColumnType, Generated } from 'kysely';

/** Lines live and die with their allocation, so they lie in its row. */
export type LaborTables = {
  labor_allocation: {
    sequence: Generated<number>;
    business_key: string;
    reference: string;
    facility: string;
    date: string;
    lines: ColumnType<NewLaborAllocationLine[], string, never>;
    cost: string;
    currency: string;
    reverses: number | null;
    reason: string | null;
    booked_at: Date;
  };
};

/** Allocations are only ever added: a reversal is a row that names the row it reverses, once. */
export const laborMigration = (schema: string): string => `
  create table ${schema}.labor_allocation (
    sequence bigint generated always as identity primary key,
    business_key text not null,
    reference text not null,
    facility text not null,
    date date not null,
    lines jsonb not null,
    cost numeric(17, 2) not null,
    currency text not null,
    reverses bigint unique references ${schema}.labor_allocation,
    reason text,
    booked_at timestamptz not null,
    unique nulls not distinct (business_key, reverses)
  );
  create index labor_allocation_reference on ${schema}.labor_allocation (reference);`;

/** What is booked lies in the order of its moment, so that a summary of each range of pages is index enough. */
export const laborSince = (schema: string): string => `
  create index labor_allocation_booked on ${schema}.labor_allocation using brin (booked_at);`;
