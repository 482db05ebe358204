import { isZero, minus, times, total, type JournalLine, type Money, type Payer } from '@concord/canonical';
import type { Labor } from './labor-costs.js';
import { costCenterOf, type Placement } from './placement.js';
import type { Charges } from './pricing.js';
import type { Supplies } from './supplied-items.js';

/** The accounts that an encounter touches. */
export const ACCOUNTS = {
  receivables: '1200',
  inventory: '1400',
  laborClearing: '2300',
  patientRevenue: '4000',
  contractualAllowances: '4900',
  suppliesExpense: '5100',
  laborExpense: '5200',
} as const;

/** The one journal entry of an encounter. */
export interface Posting {
  readonly lines: readonly JournalLine[];
  readonly expected: Money;
}

interface Figures {
  readonly charges: Charges;
  readonly supplies: Supplies;
  readonly labor: Labor;
}

/** What the payer's contract lets us expect of a gross charge. */
export const expectedOf = (gross: Money, payer: Pick<Payer, 'expectedShare'>): Money =>
  times(gross, payer.expectedShare);

/**
 * Revenue at the gross charge by service line, the receivable at what the payer is expected to pay and the difference
 * as contractual allowance (ASC 606); supplies from inventory to expense; labor from clearing to expense. Debits equal
 * credits by construction. What is estimated or accrued says so in its memo, and is reversed once it is known.
 */
export function postingOf({ charges, supplies, labor }: Figures, placement: Placement, payer: Payer): Posting {
  const home = costCenterOf(placement, charges.serviceLine);
  const expected = expectedOf(charges.gross, payer);
  const at = (serviceLine: string) => costCenterOf(placement, serviceLine);
  const revenue = byCostCenter(charges.lines.map(({ serviceLine, amount }) => [at(serviceLine), amount]));
  const used = byCostCenter(supplies.lines.map(({ serviceLine, value }) => [at(serviceLine), value]));
  const worked = byCostCenter(labor.lines.map(({ costCenter, cost }) => [costCenter, cost]));
  const usedMemo = supplies.fallback ? 'Supplies used, estimated' : 'Supplies used';
  const workedMemo = labor.fallback ? 'Clinician time, accrued' : 'Clinician time';
  const lines: JournalLine[] = [
    debit(ACCOUNTS.receivables, home, expected, 'Expected revenue'),
    debit(ACCOUNTS.contractualAllowances, home, minus(charges.gross, expected), 'Contractual allowance'),
    ...revenue.map(([costCenter, amount]) => credit(ACCOUNTS.patientRevenue, costCenter, amount, 'Gross charges')),
    ...used.map(([costCenter, amount]) => debit(ACCOUNTS.suppliesExpense, costCenter, amount, usedMemo)),
    credit(ACCOUNTS.inventory, home, supplies.cost, usedMemo),
    ...worked.map(([costCenter, amount]) => debit(ACCOUNTS.laborExpense, costCenter, amount, workedMemo)),
    credit(ACCOUNTS.laborClearing, home, labor.cost, workedMemo),
  ];
  return { lines: lines.filter(({ amount }) => !isZero(amount)), expected };
}

function byCostCenter(amounts: readonly (readonly [string, Money])[]): [string, Money][] {
  const costCenters = [...new Set(amounts.map(([costCenter]) => costCenter))];
  return costCenters.map((one) => [
    one,
    total(amounts.flatMap(([costCenter, amount]) => (costCenter === one ? amount : []))),
  ]);
}

const line =
  (side: 'debit' | 'credit') =>
  (account: string, costCenter: string, amount: Money, memo: string): JournalLine => ({
    account,
    costCenter,
    side,
    amount,
    memo,
  });

const debit = line('debit');
const credit = line('credit');
