import {
  INVENTORY_ADVICE,
  INVOICE,
  PRICE_CATALOGUE,
  PURCHASE_ORDER_ACKNOWLEDGMENT,
  type PurchaseOrderSet,
  SHIP_NOTICE,
  type X12Set,
} from '@concord/x12';
import { Decimal } from 'decimal.js';
import { type Answer, type Back, dayAfter, timeOf } from './answer.js';
import { confirmedOf, MOST_OF_A_LINE, promiseOf } from './promise.js';
import type { OrderedLine, Standing } from './standing.js';

/** What they send off and invoice is the order as it stands on that day. */
export function answersToOrder(
  order: PurchaseOrderSet,
  { controlNumber }: X12Set,
  standing: Standing,
  answer: Back,
): Answer[] {
  const { number, date } = order.order;
  const back: Back = (kind, afterDays, guide, value) => ({ ...answer(kind, afterDays, guide, value), order: number });
  const ordered = order.lines.map(({ line }) => line);
  standing.note(number, ordered);
  const lines = ordered.map(promiseOf);
  const linesNow = () => (standing.linesOf(number) ?? ordered).map(promiseOf);
  const someOwed = lines.some(({ owed }) => owed.greaterThan(0));
  return [
    back('855', 0, PURCHASE_ORDER_ACKNOWLEDGMENT, (now) => ({
      answer: { purpose: '00', type: someOwed ? 'AC' : 'AD', number, date, reference: `SO-${number}`.slice(0, 30) },
      lines: lines.map(({ line, ready, owed }) => ({
        line,
        answers: confirmedOf({ line, ready, owed }, now),
      })),
      totals: { totals: { lines: String(lines.length) } },
    })),
    back('856', 1, SHIP_NOTICE, (now) => ({
      notice: { purpose: '00', number: `SH-${number}`, date: dayAfter(now, 0), time: timeOf(now), structure: '0004' },
      shipment: {
        carriers: [{ sequence: 'B', carrierQualifier: '2', carrier: 'TEST', routing: 'TEST FREIGHT' }],
        references: [{ qualifier: 'CN', value: `TRACK-${number}` }],
        dates: [
          { qualifier: '011', date: dayAfter(now, 0) },
          { qualifier: '017', date: dayAfter(now, 2) },
        ],
        orders: [
          {
            order: { number, date },
            items: linesNow().map(({ line, ready }) => ({
              item: {
                line: line.line,
                products: [
                  ...(line.products ?? []).slice(0, 3),
                  { qualifier: 'LT', id: `L-${controlNumber}-${line.line}` },
                ],
              },
              shipped: { line: line.line, quantity: ready, unit: line.unit ?? 'EA' },
              dates: [{ qualifier: '036', date: dayAfter(now, 365) }],
            })),
          },
        ],
      },
    })),
    back('810', 2, INVOICE, (now) => ({
      invoice: {
        date: dayAfter(now, 0),
        number: `INV-${number}`.slice(0, 22),
        orderDate: date,
        order: number,
        type: 'DI',
      },
      terms: [{ type: '01', basis: '3', netDays: '30' }],
      lines: linesNow().map(({ line, ready }) => ({ line: { ...line, quantity: ready } })),
      total: { total: centsOf(linesNow()) },
      totals: { lines: String(linesNow().length) },
    })),
    back('832', 0, PRICE_CATALOGUE, (now) => ({
      catalogue: { purpose: 'PC', number: 'CAT-1', change: '04' },
      items: lines.map(({ line }) => ({
        item: { line: line.line, products: line.products },
        change: { code: '001' },
        prices: [
          priceOf(line, 'CAT', '1.02', '1', { qualifier: '007', date: dayAfter(now, 30) }),
          priceOf(line, 'CON', '1', '1', { qualifier: '007', date: dayAfter(now, 0) }),
          priceOf(line, 'PRP', '0.95', '10', { qualifier: '036', date: dayAfter(now, 14) }),
        ],
      })),
      totals: { lines: String(lines.length) },
    })),
    back('846', 0, INVENTORY_ADVICE, (now) => ({
      advice: { purpose: '00', type: 'SI', number: `ADV-${number}`, date: dayAfter(now, 0), time: timeOf(now) },
      items: lines.map(({ line }) => ({
        item: { line: line.line, products: line.products },
        quantities: [{ quantity: { qualifier: '33', quantity: String(MOST_OF_A_LINE), unit: line.unit } }],
      })),
    })),
  ];
}

const centsOf = (lines: readonly { line: OrderedLine; ready: string }[]): string =>
  lines
    .reduce(
      (sum, { line, ready }) =>
        sum.plus(
          new Decimal(ready)
            .times(line.price ?? 0)
            .times(100)
            .toDecimalPlaces(0),
        ),
      new Decimal(0),
    )
    .toFixed();

const priceOf = (
  { price = '0', unit }: OrderedLine,
  type: string,
  share: string,
  quantity: string,
  date: { qualifier: string; date: string },
) => ({ price: { type, price: new Decimal(price).times(share).toFixed(2), quantity, unit }, dates: [date] });
