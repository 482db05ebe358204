/** An 810 as an invoice that was received. Pure: one field a line, with the X12 field in words. */
import {
  money,
  times,
  type Money,
  type ReceivedInvoiceCharge,
  type ReceivedInvoiceLine,
  type SupplyOrder,
} from '@concord/canonical';
import type { InvoiceSet, InvoiceSetLine } from '@concord/x12';
import { Decimal } from 'decimal.js';
import type { Body } from '../../held/documents.store.js';
import { dayOf } from './dates.js';
import { numbered } from './taking.js';
import { unitOf } from './unit-codes.js';
import { unitPrice } from './unit-price.js';

/** @param order the order that it names, where that is one of this supplier */
export function invoiceFrom(
  { invoice, currency, terms = [], lines, total, taxes = [], allowances = [] }: InvoiceSet,
  supplier: string,
  order: SupplyOrder | undefined,
  now: Date,
): Omit<Body<'received-invoice'>, 'status'> {
  const of = currency?.currency ?? order?.total.currency ?? 'USD'; // CUR02 currency
  const cents = (amount: string): Money => money(new Decimal(amount).div(100), of);
  return {
    supplier,
    number: oneLine(invoice.number).slice(0, 40), // BIG02 number of the invoice
    kind: invoice.type === 'CR' || invoice.type === 'CN' ? 'credit-note' : 'invoice', // BIG07 kind
    order: order?.id, // BIG04 our order
    legalEntity: order?.legalEntity,
    invoiceDate: dayOf(invoice.date), // BIG01 date
    dueOn: dueOf(terms, dayOf(invoice.date)),
    lines: lines.map((line) => lineFrom(line, order, of)),
    charges: [
      ...lines.flatMap(({ allowances: own = [], taxes: taxed = [] }, index) => [
        ...own.flatMap((each) => chargeFrom(each, of, index + 1)),
        ...taxed.flatMap((tax) => taxFrom(tax, of, index + 1)),
      ]),
      ...allowances.flatMap((each) => chargeFrom(each, of)),
      ...taxes.flatMap((tax) => taxFrom(tax, of)),
    ],
    total: cents(total.total), // TDS01 sum, in cents
    receivedAt: now.toISOString(),
  };
}

function lineFrom(
  { line, descriptions }: InvoiceSetLine,
  order: SupplyOrder | undefined,
  currency: string,
): ReceivedInvoiceLine {
  const ordered = order?.lines.find((one) => String(one.line) === line.line); // IT101 line of our order
  const number = numbered(line.products, 'VN'); // IT1 VN vendor's number
  const price = unitPrice(line.price ?? '0', currency); // IT104 price of one
  const quantity = new Decimal(line.quantity ?? 0).toFixed(); // IT102 quantity
  return {
    orderLine: ordered?.line,
    itemId: ordered?.itemId,
    supplierItemNumber: number,
    description: oneLine(descriptions?.[0]?.description.text ?? ordered?.itemId ?? number ?? 'Not described'), // PID05
    quantity,
    unit: unitOf(line.unit), // IT103 unit
    unitPrice: price,
    amount: times(price, quantity),
  };
}

type Allowance = NonNullable<InvoiceSet['allowances']>[number];
type Tax = NonNullable<InvoiceSet['taxes']>[number];

/** SAC01 A allowance, C charge, SAC05 amount in cents; others are told without being part of the sum. */
function chargeFrom({ allowance, taxes = [] }: Allowance, currency: string, line?: number): ReceivedInvoiceCharge[] {
  const sign = { A: -1, C: 1 }[allowance.indicator];
  const taxed = taxes.flatMap((tax) => taxFrom(tax, currency, line));
  if (!sign || !allowance.amount) return taxed;
  return [
    {
      kind: sign < 0 ? 'allowance' : 'charge',
      description: wordsOf(allowance.description ?? allowance.code), // SAC15 words, SAC02 code
      line,
      amount: money(new Decimal(allowance.amount).times(sign).div(100), currency),
    },
    ...taxed,
  ];
}

/** TXI01 kind of the tax, TXI02 amount. */
const taxFrom = ({ type, amount }: Tax, currency: string, line?: number): ReceivedInvoiceCharge[] =>
  amount ? [{ kind: 'tax', description: wordsOf(type), line, amount: money(amount, currency) }] : [];

/** ITD06 the day on which all is due, or ITD07 the days until then. */
function dueOf(terms: NonNullable<InvoiceSet['terms']>, invoiceDate: string): string | undefined {
  const net = terms.find(({ netDate, netDays }) => netDate ?? netDays);
  if (net?.netDate) return dayOf(net.netDate);
  if (!net?.netDays) return undefined;
  return new Date(Date.parse(invoiceDate) + Number(net.netDays) * 86_400_000).toISOString().slice(0, 10);
}

const wordsOf = (text: string | undefined): string | undefined => text && oneLine(text).slice(0, 80);

/** Words of another system may hold what no line of ours does. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 200) || '-';
