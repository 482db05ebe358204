/**
 * What the suppliers answer to an order, alone from the order: a 997 and an 855 at once, an 856 a day later and an 810
 * the day after. They confirm up to 100 units of a line and owe the rest. To an 860 they answer a 997 and an 865.
 */
import {
  acknowledgmentOf,
  type Finding,
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
  PURCHASE_ORDER_CHANGE,
  PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT,
  type PurchaseOrderChange,
  type PurchaseOrderSet,
  type PurchaseOrderSetLine,
  readSet,
  readX12,
  SHIP_NOTICE,
  type X12Group,
  type X12Interchange,
  type X12Set,
  writeSet,
  writeX12,
} from '@concord/x12';
import { Decimal } from 'decimal.js';

export interface Answer {
  readonly kind: '997' | '855' | '865' | '856' | '810' | '832' | '846';
  /** The order that it is about. */
  readonly order?: string;
  readonly afterDays: number;
  readonly write: (controlNumber: number, now: Date) => Buffer;
}

const MOST_OF_A_LINE = 100;

/** What a supplier can do with an order. */
export interface Standing {
  /** Whether his system cannot read what comes now, though it is right. */
  readonly isDeaf: boolean;
  /** Cancels an order; false where it is gone already. */
  readonly cancel: (order: string) => boolean;
}

/** All answers to a file of orders and changes; none to what is none. */
export function answersTo(content: Buffer, standing: Standing): Answer[] {
  return readX12(content).interchanges.flatMap((interchange) =>
    interchange.groups.flatMap((group) => {
      const back = answering(interchange.header, group.header);
      const { functionalId } = group.header;
      if (functionalId === 'PO') {
        const told = (value: PurchaseOrderSet, set: X12Set) => answersToOrder(value, set, back);
        return answersToGroup(PURCHASE_ORDER, group, interchange, standing, back, told);
      }
      if (functionalId !== 'PC') return [];
      const told = (value: PurchaseOrderChange) => [answerToChange(value, standing, back)];
      return answersToGroup(PURCHASE_ORDER_CHANGE, group, interchange, standing, back, told);
    }),
  );
}

function answersToGroup<V>(
  guide: Guide<V>,
  group: X12Group,
  { faults }: X12Interchange,
  { isDeaf }: Standing,
  back: Back,
  told: (value: V, set: X12Set) => Answer[],
): Answer[] {
  const read = group.sets.map((set) => {
    const { value, findings } = readSet(guide, set);
    return { set, faults, value, findings: isDeaf ? [UNHEARD] : findings };
  });
  const acknowledgment = acknowledgmentOf(group, read);
  const good = read.filter(({ findings }) => findings.length === 0 && faults.length === 0);
  return [
    back('997', 0, FUNCTIONAL_ACKNOWLEDGMENT, () => acknowledgment),
    ...good.flatMap(({ value, set }) => told(value, set)),
  ];
}

/** A supplier who does not know one of our codes. */
const UNHEARD: Finding = {
  level: 2,
  code: 'not-a-code',
  message: 'The code is not known',
  pointer: 'BEG-02',
  segment: 2,
  segmentName: 'BEG',
  element: 2,
};

function answerToChange({ change, lines = [] }: PurchaseOrderChange, { cancel }: Standing, back: Back): Answer {
  const { number, date, purpose } = change;
  const type = purpose === '01' && cancel(number) ? 'AD' : 'RJ';
  return back('865', 0, PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT, () => ({
    answer: { purpose, type, number, date },
    lines: lines.map(({ line }) => ({ line })),
    totals: { totals: { lines: String(lines.length) } },
  }));
}

type Back = <V>(kind: Answer['kind'], afterDays: number, guide: Guide<V>, value: (now: Date) => V) => Answer;

function answersToOrder(order: PurchaseOrderSet, { controlNumber }: X12Set, answer: Back): Answer[] {
  const { number, date } = order.order;
  const back: Back = (kind, afterDays, guide, value) => ({ ...answer(kind, afterDays, guide, value), order: number });
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

const priceOf = (
  { price = '0', unit }: PurchaseOrderSetLine['line'],
  type: string,
  share: string,
  quantity: string,
  date: { qualifier: string; date: string },
) => ({ price: { type, price: new Decimal(price).times(share).toFixed(2), quantity, unit }, dates: [date] });

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
