import type { Worker } from '@concord/canonical';

/** The table of `migrations.ts` that is not the record. */
export type SandboxTables = {
  'sandbox_hcm.labor_rate': { role: Worker['role']; hourly_cost: string; currency: string; changed_at: Date };
};
