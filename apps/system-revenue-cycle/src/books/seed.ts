import { putChanged, type Database } from '@concord/database';
import { CHARGE_MASTER } from './charge-master.js';
import { PAYER_RULES, PAYERS } from './payers.js';

const ITEMS = CHARGE_MASTER.map(({ code, description, price, serviceLine, hcpcs, revenueCode }) => ({
  code,
  description,
  price: price.amount,
  currency: price.currency,
  service_line: serviceLine,
  hcpcs: hcpcs ?? null,
  revenue_code: revenueCode ?? null,
}));

const WHO_PAYS = PAYERS.map(({ expectedShare, ...payer }) => ({ ...payer, expected_share: expectedShare }));

const RULES = PAYER_RULES.map(
  ({ payer, claimKind, electronicId, timelyFilingDays, mostLines, authorizationNeeded }) => ({
    payer,
    claim_kind: claimKind,
    electronic_id: electronicId,
    timely_filing_days: timelyFilingDays,
    most_lines: mostLines,
    authorization_needed: authorizationNeeded,
  }),
);

/** Writes the charge master, the payers and what they ask of a claim, where it is missing or says something else. */
export async function seed(database: Database, at: Date): Promise<void> {
  await putChanged(database, 'sandbox_revenue_cycle.charge_item', ['code'], ITEMS, at);
  await putChanged(database, 'sandbox_revenue_cycle.payer', ['code'], WHO_PAYS, at);
  await putChanged(database, 'sandbox_revenue_cycle.payer_rule', ['payer'], RULES, at);
}
