/** Of budgets the ERP itself counts what is committed and posted. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { cents, itemsOf, number, text } from './values.js';

/** The budget of a cost center, account and year; one without an amount where none was set. */
function budgetOf(store: EntityStore, CompanyCode: string, line: Entity, date: string): Entity {
  const [CostCenter, GLAccount, FiscalYear] = [text(line, 'CostCenter'), text(line, 'GLAccount'), date.slice(0, 4)];
  const BudgetID = `${FiscalYear}.${CostCenter}.${GLAccount}`;
  if (store.has('Budgets', BudgetID)) return store.read('Budgets', BudgetID);
  const nothing = { Currency: 'USD', CommittedAmount: '0.00', ActualAmount: '0.00' };
  return store.insert('Budgets', { BudgetID, CompanyCode, CostCenter, GLAccount, FiscalYear, ...nothing });
}

function count(store: EntityStore, budget: Entity, field: string, amount: Decimal): void {
  if (amount.isZero()) return;
  store.update('Budgets', text(budget, 'BudgetID'), { [field]: cents(number(budget, field).plus(amount)) });
}

export function spend(store: EntityStore, company: string, date: string, item: Entity): void {
  const sign = item['DebitCreditCode'] === 'D' ? 1 : -1;
  count(store, budgetOf(store, company, item, date), 'ActualAmount', number(item, 'Amount').times(sign));
}

/** What is ordered with approval and has not come is committed; of an order that was changed, the difference. */
export function commit(store: EntityStore, before: Entity, after: Entity): void {
  for (const [order, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (!['APPR', 'SENT', 'PART'].includes(text(order, 'OrderStatus'))) continue;
    for (const line of itemsOf(order)) {
      const open = Decimal.max(0, number(line, 'Quantity').minus(number(line, 'ReceivedQuantity')));
      const budget = budgetOf(store, text(order, 'CompanyCode'), line, text(order, 'NeededOn'));
      count(store, budget, 'CommittedAmount', open.times(number(line, 'UnitPrice')).times(sign));
    }
  }
}
