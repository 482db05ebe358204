import type { InvoiceMatch, InvoiceMatchLine, NewSupplierInvoiceLine, PurchaseOrder } from '@concord/canonical';
import { Decimal } from 'decimal.js';

/** A price may be higher than the order's by this share of it. */
const PRICE_TOLERANCE = '0.02';

/**
 * How the lines of an invoice compare with the order, in which they are counted as invoiced already. Services are not
 * received: what is only of them is compared with the order alone.
 */
export function matchOf(
  lines: readonly NewSupplierInvoiceLine[],
  order: PurchaseOrder | undefined,
  isService: (item: string | undefined) => boolean,
): InvoiceMatch {
  if (!order) return { kind: 'none', status: 'not-ordered', lines: [] };
  const ordered = lines.filter((line) => line.orderLine !== undefined);
  const facts = ordered.map((line) => factsOf(line, order));
  const isTwoWay = ordered.every(({ orderLine }) =>
    isService(order.lines.find(({ line }) => line === orderLine)?.item),
  );
  const isTooMuch = facts.some(({ invoiced, ordered: limit, received }) =>
    new Decimal(invoiced).greaterThan(isTwoWay ? limit : received),
  );
  const isTooDear = facts.some(({ invoicePrice, orderPrice }) =>
    new Decimal(invoicePrice.amount).greaterThan(
      new Decimal(orderPrice.amount).times(PRICE_TOLERANCE).plus(orderPrice.amount),
    ),
  );
  const kind = isTwoWay ? 'two-way' : 'three-way';
  if (facts.length < lines.length) return { kind, status: 'not-ordered', lines: facts };
  return { kind, status: isTooMuch ? 'quantity-variance' : isTooDear ? 'price-variance' : 'matched', lines: facts };
}

function factsOf({ orderLine, unitPrice }: NewSupplierInvoiceLine, order: PurchaseOrder): InvoiceMatchLine {
  const {
    line,
    quantity,
    received,
    invoiced,
    unitPrice: orderPrice,
  } = order.lines.find(({ line }) => line === orderLine)!;
  return { orderLine: line, ordered: quantity, received, invoiced, orderPrice, invoicePrice: unitPrice };
}
