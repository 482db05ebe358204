import type { Database } from '@concord/database';
import { CHARGE_MASTER } from './charge-master.js';
import { PAYERS } from './payers.js';
import type { RevenueCycleTables } from './tables.js';

/** Writes the entries of the charge master and the payers that are missing. */
export async function seed(database: Database): Promise<void> {
  const tables = database.$extendTables<RevenueCycleTables>();
  const items = CHARGE_MASTER.map(({ code, description, price, serviceLine, hcpcs, revenueCode }) => ({
    code,
    description,
    price: price.amount,
    currency: price.currency,
    service_line: serviceLine,
    hcpcs: hcpcs ?? null,
    revenue_code: revenueCode ?? null,
  }));
  const payers = PAYERS.map(({ expectedShare, ...payer }) => ({ ...payer, expected_share: expectedShare }));
  await tables
    .insertInto('sandbox_revenue_cycle.charge_item')
    .values(items)
    .onConflict((known) =>
      known
        .column('code')
        .doUpdateSet({ revenue_code: (row) => row.ref('excluded.revenue_code') })
        .where('sandbox_revenue_cycle.charge_item.revenue_code', 'is', null),
    )
    .execute();
  await tables
    .insertInto('sandbox_revenue_cycle.payer')
    .values(payers)
    .onConflict((known) => known.doNothing())
    .execute();
}
