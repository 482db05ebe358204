import type { NewLaborAllocationLine, Worker } from '@concord/canonical';
import type { ColumnType, Generated } from 'kysely';

/** The tables of `migrations.ts`. Lines live and die with their allocation, so they lie in its row. */
export type HcmTables = {
  'sandbox_hcm.worker': {
    id: string;
    name: string;
    role: Worker['role'];
    cost_center: string | null;
    status: Worker['status'];
  };
  'sandbox_hcm.shift': { id: string; worker_id: string; facility: string; date: string; hours: number };
  'sandbox_hcm.labor_rate': { role: Worker['role']; hourly_cost: string; currency: string };
  'sandbox_hcm.labor_allocation': {
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
