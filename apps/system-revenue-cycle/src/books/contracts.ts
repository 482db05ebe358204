import { money, type ChargeItem, type Payer, type PayerRule } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import type { RevenueCycleTables } from './tables.js';

/** What is charged and who pays, by code. Only the seed writes it, so one reading lasts. */
export interface Contracts {
  readonly chargeItems: ReadonlyMap<string, ChargeItem>;
  readonly payers: ReadonlyMap<string, Payer>;
  /** By payer. */
  readonly rules: ReadonlyMap<string, PayerRule>;
}

export const NO_CONTRACTS: Contracts = { chargeItems: new Map(), payers: new Map(), rules: new Map() };

export async function readContracts(database: Database): Promise<Contracts> {
  const tables = database.$extendTables<RevenueCycleTables>();
  const items = await tables.selectFrom('sandbox_revenue_cycle.charge_item').selectAll().execute();
  const payers = await tables.selectFrom('sandbox_revenue_cycle.payer').selectAll().execute();
  const rules = await tables.selectFrom('sandbox_revenue_cycle.payer_rule').selectAll().execute();
  return {
    chargeItems: byCode(
      items.map(({ price, currency, service_line, hcpcs, revenue_code, changed_at, ...item }) => ({
        ...item,
        price: money(price, currency),
        serviceLine: service_line,
        hcpcs: hcpcs ?? undefined,
        revenueCode: revenue_code ?? undefined,
        changedAt: changed_at.toISOString(),
      })),
    ),
    payers: byCode(
      payers.map(({ expected_share, changed_at, ...payer }) => ({
        ...payer,
        expectedShare: new Decimal(expected_share).toFixed(),
        changedAt: changed_at.toISOString(),
      })),
    ),
    rules: new Map(rules.map((rule) => [rule.payer, ruleOf(rule)])),
  };
}

const ruleOf = (row: RevenueCycleTables['sandbox_revenue_cycle.payer_rule']): PayerRule => ({
  payer: row.payer,
  claimKind: row.claim_kind,
  electronicId: row.electronic_id,
  timelyFilingDays: row.timely_filing_days,
  mostLines: row.most_lines,
  authorizationNeeded: row.authorization_needed,
  changedAt: row.changed_at.toISOString(),
});

/** By code, in the order of the codes. */
const byCode = <T extends { code: string }>(entries: readonly T[]): ReadonlyMap<string, T> =>
  new Map(entries.toSorted((a, b) => (a.code < b.code ? -1 : 1)).map((entry) => [entry.code, entry]));
