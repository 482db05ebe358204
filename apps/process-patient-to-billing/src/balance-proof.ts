import { Decimal } from 'decimal.js';
import { total, type BalanceProof, type JournalLine, type Money, type ProofLine } from '@concord/canonical';
import { items } from '@concord/sdk-core';
import { ACCOUNTS } from './rules/posting.js';
import type { Systems } from './services.js';

/**
 * Asks the systems of record what they hold for an encounter, and whether it agrees: what was charged was posted as
 * revenue, what left the stock left the inventory account, what was worked was cleared. Reversed documents count with
 * their reversals, so a correction balances too.
 */
export async function proveBalance(systems: Systems, encounterId: string, now: Date): Promise<BalanceProof> {
  const { erp, hcm, supplyChain, revenueCycle } = systems;
  const page_size = 500;
  const [entries, claims, adjustments, allocations] = await Promise.all([
    every(items((page_token) => erp.listJournalEntries({ reference: encounterId, page_size, page_token }))),
    every(items((page_token) => revenueCycle.listClaims({ encounter_id: encounterId, page_size, page_token }))),
    every(items((page_token) => supplyChain.listStockAdjustments({ reference: encounterId, page_size, page_token }))),
    every(items((page_token) => hcm.listLaborAllocations({ reference: encounterId, page_size, page_token }))),
  ]);
  const lines = entries.flatMap((entry) => entry.lines);
  const live = claims.filter(({ status }) => status !== 'void');
  const booked = adjustments.filter(({ status, reverses }) => status === 'booked' && !reverses);
  const worked = allocations.filter(({ status, reverses }) => status === 'booked' && !reverses);
  const laws = [
    law('debits = credits', sum(lines, 'debit'), sum(lines, 'credit')),
    law('charged = posted as revenue', total(live.map(({ charge }) => charge)), net(lines, ACCOUNTS.patientRevenue)),
    law(
      'expected = receivable',
      total(live.map(({ expected }) => expected)),
      negated(net(lines, ACCOUNTS.receivables)),
    ),
    law(
      'taken from stock = taken from inventory',
      total(booked.map(({ value }) => value)),
      net(lines, ACCOUNTS.inventory),
    ),
    law(
      'taken from stock = supplies expense',
      total(booked.map(({ value }) => value)),
      negated(net(lines, ACCOUNTS.suppliesExpense)),
    ),
    law('hours allocated = labor cleared', total(worked.map(({ cost }) => cost)), net(lines, ACCOUNTS.laborClearing)),
  ];
  const balanced = lines.length > 0 && laws.every(({ holds }) => holds);
  return { encounterId, balanced, laws, checkedAt: now.toISOString() };
}

const law = (name: string, left: Money, right: Money): ProofLine => ({
  law: name,
  left: `${left.amount} ${left.currency}`,
  right: `${right.amount} ${right.currency}`,
  holds: left.currency === right.currency && new Decimal(left.amount).equals(right.amount),
});

const sum = (lines: readonly JournalLine[], side: JournalLine['side']): Money =>
  total(lines.filter((line) => line.side === side).map(({ amount }) => amount));

/** Credits less debits of one account. */
function net(lines: readonly JournalLine[], account: string): Money {
  const own = lines.filter((line) => line.account === account);
  const amount = new Decimal(sum(own, 'credit').amount).minus(sum(own, 'debit').amount);
  return { amount: amount.toFixed(2), currency: 'USD' };
}

const negated = ({ amount, currency }: Money): Money => ({
  amount: new Decimal(amount).negated().toFixed(2),
  currency,
});

async function every<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
