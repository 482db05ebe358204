/** The wish to change or to cancel an order, as an 860. Pure: one field a line, with the X12 field in words. */
import type { SupplierItem, SupplyOrder, SupplyOrderLine, WantedOrderLine } from '@concord/canonical';
import type { PurchaseOrderChange } from '@concord/x12';
import { Decimal } from 'decimal.js';
import { dateOf } from './dates.js';
import { productsOf } from './order.mapping.js';
import { unitCode } from './unit-codes.js';

type SoldAs = (id: string) => SupplierItem | undefined;
type Line = NonNullable<PurchaseOrderChange['lines']>[number];

/** The wish to cancel a whole order; its lines are named, so that nobody has to look them up. */
export const cancellationSet = (order: SupplyOrder, soldAs: SoldAs, now: Date): PurchaseOrderChange => {
  const lines = order.lines.map((line) => lineOf(line, 'DI', line.shipped, soldAs));
  return {
    change: headOf(order, '01', now), // BCH01 cancellation
    lines,
    totals: totalsOf(lines),
  };
};

/** How an order is wanted now: only the lines that change, each with what it is to be. */
export const changeSet = (order: SupplyOrder, soldAs: SoldAs, now: Date): PurchaseOrderChange => {
  const { neededOn, lines: wanted, sequence } = order.change!;
  const kept = new Set(wanted.map(({ line }) => line));
  const lines = [
    ...order.lines.filter(({ line }) => !kept.has(line)).map((line) => lineOf(line, 'DI', line.shipped, soldAs)),
    ...wanted.flatMap((line) => {
      const before = order.lines.find((one) => one.line === line.line);
      const kind = kindOf(line, before);
      return kind ? [lineOf(line, kind, before?.shipped ?? '0', soldAs)] : [];
    }),
  ];
  return {
    change: { ...headOf(order, '04', now), sequence: String(sequence) }, // BCH01 change, BCH05 which of the order
    ...(neededOn === order.neededOn ? {} : { dates: [{ qualifier: '002', date: dateOf(neededOn) }] }), // DTM 002 delivery requested
    lines,
    totals: totalsOf(lines),
  };
};

/** POC02; undefined where nothing of the line changes. */
function kindOf(line: WantedOrderLine, before: SupplyOrderLine | undefined): string | undefined {
  if (!before) return 'AI'; // add
  const more = new Decimal(line.quantity).comparedTo(before.quantity);
  const isRepriced = !new Decimal(line.unitPrice.amount).equals(before.unitPrice.amount);
  if (isRepriced) return more === 0 ? 'PC' : 'CA'; // price; several changes
  return more === 0 ? undefined : more > 0 ? 'QI' : 'QD'; // more, less
}

const lineOf = (
  line: Pick<SupplyOrderLine, 'itemId' | 'quantity' | 'unit' | 'unitPrice'> & { line?: number },
  kind: string,
  shipped: string,
  soldAs: SoldAs,
): Line => ({
  line: {
    line: String(line.line), // POC01 line
    change: kind, // POC02 what happens to it
    quantity: line.quantity, // POC03 quantity
    left: kind === 'DI' ? '0' : new Decimal(line.quantity).minus(shipped).toFixed(), // POC04 left to receive
    unit: { unit: unitCode(line.unit) }, // POC05 unit
    price: new Decimal(line.unitPrice.amount).toFixed(), // POC06 price of one unit
    products: productsOf(line.itemId, undefined, soldAs(line.itemId)), // POC08… numbers of the item
  },
});

const headOf = (order: SupplyOrder, purpose: string, now: Date): PurchaseOrderChange['change'] => ({
  purpose, // BCH01
  type: 'SA', // BCH02 stand-alone order
  number: order.number, // BCH03 purchase order number
  date: dateOf(order.sentAt.slice(0, 10)), // BCH06 date of the order
  changedOn: dateOf(now.toISOString().slice(0, 10)), // BCH11 date of the change
});

const totalsOf = (lines: readonly Line[]) => ({ totals: { lines: String(lines.length) } }); // CTT01 number of lines
