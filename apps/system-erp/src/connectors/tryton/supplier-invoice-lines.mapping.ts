/**
 * A line of a supplier invoice as lines of Tryton. A line of an order is debited to what was received, at the price of the
 * order, and the difference in price is a line of its own; the words in the notes say which line of ours each one is.
 */
import {
  minus,
  money,
  plus,
  type Money,
  type NewSupplierInvoiceLine,
  type PurchaseOrderLine,
} from '@concord/canonical';
import { fromWireDecimal, toWireDecimal } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { noteWith, wordsIn } from './note.js';
import { WORD } from './supplier-invoice.comment.js';
import type { WireInvoiceLine } from './supplier-invoice.wire.js';

/** What a line of ours is debited to. */
export interface Debit {
  readonly account: number;
  readonly costCenter: string;
  /** Of a line of an order: what it is compared with. */
  readonly ordered?: {
    readonly id: number;
    readonly unit: number | undefined;
    readonly product: number | undefined;
    readonly unitPrice: Money;
  };
  /** The analytic account of the cost center, for what is in the income statement. */
  readonly analytic?: { readonly root: number; readonly account: number };
}

/** The lines of one of ours. */
export function toInvoiceLines(
  line: NewSupplierInvoiceLine,
  number: number,
  { account, costCenter, ordered, analytic }: Debit,
  books: { readonly company: number; readonly currency: number },
  variance: { readonly account: number; readonly analytic: NonNullable<Debit['analytic']> },
): object[] {
  const { description, quantity, unitPrice, orderLine } = line;
  const note = (words: Record<string, string | undefined>) =>
    noteWith(null, {
      [WORD.line]: String(number),
      [WORD.orderLine]: orderLine === undefined ? undefined : String(orderLine),
      [WORD.costCenter]: costCenter,
      ...words,
    });
  const common = { type: 'line', invoice_type: 'in', ...books, quantity: Number(quantity) };
  const first = {
    ...common,
    account,
    description,
    unit_price: toWireDecimal((ordered?.unitPrice ?? unitPrice).amount),
    ...(ordered ? { origin: `purchase.line,${ordered.id}` } : {}),
    ...(ordered?.product === undefined ? {} : { product: ordered.product, unit: ordered.unit }),
    ...(analytic ? { analytic_accounts: [['create', [analytic]]] } : {}),
    note: note({}),
  };
  const difference = ordered ? minus(unitPrice, ordered.unitPrice) : undefined;
  if (!difference || new Decimal(difference.amount).isZero()) return [first];
  const second = {
    ...common,
    account: variance.account,
    description: `${description}: difference in price`,
    unit_price: toWireDecimal(difference.amount),
    analytic_accounts: [['create', [variance.analytic]]],
    note: note({ [WORD.difference]: difference.amount }),
  };
  return [first, second];
}

/** Whose cost center the line of a posting is; of what is owed, that of the first line. */
export const costCenterIn = ({ note }: Pick<WireInvoiceLine, 'note'>): string | undefined =>
  wordsIn(note).get(WORD.costCenter);

/** The lines of ours; of one that was written as two the prices are taken together. */
export function linesOf(
  wire: readonly WireInvoiceLine[],
  currency: string,
  ours: (account: string) => string,
): NewSupplierInvoiceLine[] {
  const lines = new Map<string, NewSupplierInvoiceLine>();
  for (const line of wire) {
    const words = wordsIn(line.note);
    const number = words.get(WORD.line) ?? String(line.id);
    const unitPrice = money(fromWireDecimal(line.unit_price), currency);
    const known = lines.get(number);
    if (known) {
      lines.set(number, { ...known, unitPrice: plus(known.unitPrice, unitPrice) });
      continue;
    }
    const [orderLine, costCenter] = [words.get(WORD.orderLine), words.get(WORD.costCenter)];
    const account = line['account.']?.code;
    lines.set(number, {
      ...(orderLine === undefined ? {} : { orderLine: Number(orderLine) }),
      description: line.description ?? '',
      quantity: new Decimal(line.quantity).toFixed(),
      unitPrice,
      ...(orderLine === undefined && account && costCenter ? { account: ours(account), costCenter } : {}),
    });
  }
  return [...lines.values()];
}

/** What an invoice makes of its order: its own lines counted as invoiced. */
export const countedIn = (lines: readonly NewSupplierInvoiceLine[], order: readonly PurchaseOrderLine[]) =>
  order.map((line) => {
    const own = lines.filter(({ orderLine }) => orderLine === line.line).map(({ quantity }) => quantity);
    return { ...line, invoiced: Decimal.sum(line.invoiced, ...own).toFixed() };
  });
