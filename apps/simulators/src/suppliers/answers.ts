/**
 * What the suppliers answer to an order, alone from the order: a 997 and an 855 at once, an 856 a day later and an 810
 * the day after. They confirm up to 100 units of a line and owe the rest.
 */
import {
  acknowledgmentOf,
  FUNCTIONAL_ACKNOWLEDGMENT,
  type GroupHeader,
  type Guide,
  INVENTORY_ADVICE,
  type InterchangeHeader,
  INVOICE,
  inVersion,
  PRICE_CATALOGUE,
  PURCHASE_ORDER,
  PURCHASE_ORDER_ACKNOWLEDGMENT,
  type PurchaseOrderSet,
  readSet,
  readX12,
  SHIP_NOTICE,
  type X12Set,
  writeSet,
  writeX12,
} from '@concord/x12';
import { Decimal } from 'decimal.js';

export interface Answer {
  readonly kind: '997' | '855' | '856' | '810' | '832' | '846';
  readonly afterDays: number;
  readonly write: (controlNumber: number, now: Date) => Buffer;
}

const MOST_OF_A_LINE = 100;

/** All answers to a file of orders; none to what is none. */
export function answersTo(content: Buffer): Answer[] {
  return readX12(content).interchanges.flatMap(({ groups, faults, header }) =>
    groups
      .filter((group) => group.header.functionalId === 'PO')
      .flatMap((group) => {
        const read = group.sets.map((set) => ({ set, faults, ...readSet(PURCHASE_ORDER, set) }));
        const back = answering(header, group.header);
        const acknowledgment = acknowledgmentOf(group, read);
        const good = read.filter(({ findings }) => findings.length === 0 && faults.length === 0);
        return [
          back('997', 0, FUNCTIONAL_ACKNOWLEDGMENT, () => acknowledgment),
          ...good.flatMap(({ value, set }) => answersToOrder(value, set, back)),
        ];
      }),
  );
}

type Back = <V>(kind: Answer['kind'], afterDays: number, guide: Guide<V>, value: (now: Date) => V) => Answer;

function answersToOrder(order: PurchaseOrderSet, { controlNumber }: X12Set, back: Back): Answer[] {
  const { number, date } = order.order;
  const lines = order.lines.map(({ line }) => {
    const quantity = new Decimal(line.quantity ?? 0);
    const ready = Decimal.min(quantity, MOST_OF_A_LINE);
    return { line, ready: ready.toFixed(), owed: quantity.minus(ready) };
  });
  const someOwed = lines.some(({ owed }) => owed.greaterThan(0));
  const total = lines.reduce(
    (sum, { line, ready }) =>
      sum.plus(
        new Decimal(ready)
          .times(line.price ?? 0)
          .times(100)
          .toDecimalPlaces(0),
      ),
    new Decimal(0),
  );
  return [
    back('855', 0, PURCHASE_ORDER_ACKNOWLEDGMENT, (now) => ({
      answer: { purpose: '00', type: someOwed ? 'AC' : 'AD', number, date, reference: `SO-${number}`.slice(0, 30) },
      lines: lines.map(({ line, ready, owed }) => ({
        line,
        answers: [
          { answer: { status: 'IA', quantity: ready, unit: line.unit, dateQualifier: '067', date: dayAfter(now, 3) } },
          ...(owed.greaterThan(0)
            ? [
                {
                  answer: {
                    status: 'IB',
                    quantity: owed.toFixed(),
                    unit: line.unit,
                    dateQualifier: '067',
                    date: dayAfter(now, 14),
                  },
                },
              ]
            : []),
        ],
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
            items: lines.map(({ line, ready }) => ({
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
      lines: lines.map(({ line, ready }) => ({ line: { ...line, quantity: ready } })),
      total: { total: total.toFixed() },
      totals: { lines: String(lines.length) },
    })),
    back('832', 0, PRICE_CATALOGUE, (now) => ({
      catalogue: { purpose: 'PC', number: 'CAT-1', change: '04' },
      items: lines.map(({ line }) => ({
        item: { line: line.line, products: line.products },
        change: { code: '001' },
        prices: [
          {
            price: {
              type: 'CAT',
              price: new Decimal(line.price ?? 0).times('1.02').toFixed(2),
              quantity: '1',
              unit: line.unit,
            },
            dates: [{ qualifier: '007', date: dayAfter(now, 30) }],
          },
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

/** The way back: sender and receiver change places. */
const answering =
  (header: InterchangeHeader, group: GroupHeader): Back =>
  (kind, afterDays, guide, value) => ({
    kind,
    afterDays,
    write: (number, now) => {
      const versioned = inVersion(guide, group.version);
      const [day, clock] = [dayAfter(now, 0), timeOf(now)];
      const { senderQualifier, sender, receiverQualifier, receiver } = header;
      return writeX12([
        {
          header: {
            ...header,
            senderQualifier: receiverQualifier,
            sender: receiver,
            receiverQualifier: senderQualifier,
            receiver: sender,
            date: day.slice(2),
            time: clock,
            controlNumber: String(number).padStart(9, '0'),
          },
          groups: [
            {
              header: {
                ...group,
                functionalId: guide.functionalId,
                sender: group.receiver,
                receiver: group.sender,
                date: day,
                time: clock,
                controlNumber: String(number),
              },
              sets: [writeSet(versioned, '0001', value(now))],
            },
          ],
        },
      ]);
    },
  });

const DAY_MS = 86_400_000;
const dayAfter = (now: Date, days: number): string =>
  new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
const timeOf = (now: Date): string => now.toISOString().slice(11, 16).replace(':', '');
