/**
 * A cost allocation as the journal entry that it posts, for an ERP that keeps none of their own: the description ends in
 * words that it is found by, and what each share weighed stands with its line.
 */
import { Problem } from '@concord/canonical';
import type { CostAllocation, JournalEntry, NewCostAllocation, NewJournalEntry } from '@concord/canonical';
import { checkMoney, checkPositive, wrong } from './purchasing-rules.js';
import { split } from './shares.js';

/** How the description of such an entry ends. */
export const ALLOCATION = ' (cost allocation)';

const WEIGHT = /^Weight (?<weight>[0-9.]+)$/;

/** Throws `validation-failed` for an amount or a weight that cannot be, and for a share of less than a cent. */
export function toAllocationEntry(allocation: NewCostAllocation): NewJournalEntry {
  const { legalEntity, accountingDate, reference, description, account, from, amount } = allocation;
  checkMoney(amount, amount.currency, '/amount');
  allocation.shares.forEach(({ weight }, index) => checkPositive(weight, `/shares/${index}/weight`));
  const debits = split(amount, allocation.shares).map(({ costCenter, weight, amount: share }, index) => {
    if (Number(share.amount) === 0) throw wrong(`/shares/${index}/weight`, 'cents', 'comes to less than a cent');
    return { account, costCenter, side: 'debit' as const, amount: share, memo: `Weight ${weight}` };
  });
  const credit = { account, costCenter: from, side: 'credit' as const, amount };
  const about = { legalEntity, accountingDate, reference, description: `${description}${ALLOCATION}` };
  return { ...about, lines: [credit, ...debits] };
}

/** Undefined for an entry that is no allocation. */
export function toAllocation(entry: JournalEntry): CostAllocation | undefined {
  const { id, legalEntity, accountingDate, reference, status, reversedBy, changedAt } = entry;
  const [credit, ...others] = entry.lines.toSorted((a, b) => Number(a.side === 'debit') - Number(b.side === 'debit'));
  const shares = others.flatMap(({ side, costCenter, amount, memo }) => {
    const weight = WEIGHT.exec(memo ?? '')?.groups?.['weight'];
    return side === 'debit' && weight !== undefined ? [{ costCenter, weight, amount }] : [];
  });
  const isOne = entry.description.endsWith(ALLOCATION) && shares.length > 0 && shares.length === others.length;
  if (!credit || !isOne) return undefined;
  return {
    id,
    legalEntity,
    accountingDate,
    reference,
    description: entry.description.slice(0, -ALLOCATION.length),
    account: credit.account,
    from: credit.costCenter,
    amount: credit.amount,
    shares,
    status,
    journalEntry: id,
    revision: reversedBy === undefined ? 'posted' : `reversed-${reversedBy}`,
    changedAt,
  };
}

/** The allocation that an entry must be. Throws `not-found`. */
export function allocationIn(entry: JournalEntry): CostAllocation {
  const allocation = toAllocation(entry);
  if (!allocation) throw new Problem('not-found', 'There is no such cost allocation');
  return allocation;
}
