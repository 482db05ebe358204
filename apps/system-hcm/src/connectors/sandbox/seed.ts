import type { Database } from '@concord/database';
import { ASSIGNMENTS, LABOR_RATES } from './rota.js';
import { shiftsAround } from './shifts.js';
import type { HcmTables } from './tables.js';

/** Writes the workers and rates that are missing, and the shifts of the weeks around `today`. */
export async function seed(database: Database, today: Date): Promise<void> {
  const tables = database.$extendTables<HcmTables>();
  const workers = ASSIGNMENTS.map(({ worker: { costCenter, ...worker } }) => ({
    ...worker,
    cost_center: costCenter ?? null,
  }));
  const rates = LABOR_RATES.map(({ role, hourlyCost }) => ({
    role,
    hourly_cost: hourlyCost.amount,
    currency: hourlyCost.currency,
  }));
  const shifts = shiftsAround(today).map(({ workerId, ...shift }) => ({ ...shift, worker_id: workerId }));
  await tables
    .insertInto('sandbox_hcm.worker')
    .values(workers)
    .onConflict((known) => known.doNothing())
    .execute();
  await tables
    .insertInto('sandbox_hcm.labor_rate')
    .values(rates)
    .onConflict((known) => known.doNothing())
    .execute();
  await tables
    .insertInto('sandbox_hcm.shift')
    .values(shifts)
    .onConflict((known) => known.doNothing())
    .execute();
}
