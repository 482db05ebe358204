/**
 * What the suppliers answer to an order, alone from the order: a 997 and an 855 at once, an 856 a day later and an 810
 * the day after. They confirm up to 100 units of a line and owe the rest. To an 860 they
 * answer a 997 and an 865; what they then send off and invoice is the order as it was changed.
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
  /** Whether his system cannot read the orders or changes that come now, though they are right. */
  readonly isDeaf: () => boolean;
  /** Cancels an order; false where it is gone already. */
  readonly cancel: (order: string) => boolean;
  /** Takes an order as it is told; a change of it tells all of its lines. */
  readonly note: (order: string, lines: readonly OrderedLine[]) => void;
  /** The lines of an order as they are now. */
  readonly linesOf: (order: string) => readonly OrderedLine[] | undefined;
  /** Whether it was sent off: then each line is held to what was in it. */
  readonly isGone: (order: string) => boolean;
  readonly isCancelled: (order: string) => boolean;
}

export type OrderedLine = PurchaseOrderSetLine['line'];

/** All answers to a file of orders and changes; none to what is none. */
export function answersTo(content: Buffer, standing: Standing): Answer[] {
  return readX12(content).interchanges.flatMap((interchange) =>
    interchange.groups.flatMap((group) => {
      const back = answering(interchange.header, group.header);
      const { functionalId } = group.header;
      if (functionalId === 'PO') {
        const told = (value: PurchaseOrderSet, set: X12Set) => answersToOrder(value, set, standing, back);
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
  const deaf = isDeaf();
  const read = group.sets.map((set) => {
    const { value, findings } = readSet(guide, set);
    return { set, faults, value, findings: deaf ? [UNHEARD] : findings };
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

/** A cancellation is taken until the goods are gone; a change, too, as far as it leaves what has gone. */
function answerToChange({ change, lines = [] }: PurchaseOrderChange, standing: Standing, back: Back): Answer {
  const { number, date, purpose, sequence } = change;
  const isTaken = purpose === '01' ? standing.cancel(number) : takesChange(number, lines, standing);
  return back('865', 0, PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT, (now) => ({
    answer: { purpose, type: isTaken ? 'AD' : 'RJ', number, date, sequence },
    lines: lines.map(({ line }) => ({
      line,
      ...(isTaken && purpose === '04' && line.change !== 'DI'
        ? { answers: confirmedOf(promiseOf({ ...line, unit: line.unit?.unit }), now) }
        : {}),
    })),
    totals: { totals: { lines: String(lines.length) } },
  }));
}

function takesChange(order: string, changes: NonNullable<PurchaseOrderChange['lines']>, standing: Standing): boolean {
  const before = standing.linesOf(order);
  if (!before || standing.isCancelled(order)) return false;
  const changed = new Map(changes.map(({ line }) => [line.line, line]));
  const isLess = (line: OrderedLine) => {
    const { change, quantity = '0' } = changed.get(line.line) ?? { change: 'NC', quantity: line.quantity };
    return change === 'DI' || new Decimal(quantity).lessThan(promiseOf(line).ready);
  };
  if (standing.isGone(order) && before.some(isLess)) return false;
  const kept = before.flatMap((line) => {
    const { change, quantity, price } = changed.get(line.line) ?? {};
    return change === 'DI' ? [] : [{ ...line, quantity: quantity ?? line.quantity, price: price ?? line.price }];
  });
  const added = changes.flatMap(({ line: { change, line, quantity, unit, price, products } }) =>
    change === 'AI' ? [{ line, quantity, unit: unit?.unit, price, products }] : [],
  );
  standing.note(order, [...kept, ...added]);
  return true;
}

type Back = <V>(kind: Answer['kind'], afterDays: number, guide: Guide<V>, value: (now: Date) => V) => Answer;

/** What of a line they have, and what they owe. */
const promiseOf = <T extends Pick<OrderedLine, 'quantity'>>(line: T) => {
  const quantity = new Decimal(line.quantity ?? 0);
  const ready = Decimal.min(quantity, MOST_OF_A_LINE);
  return { line, ready: ready.toFixed(), owed: quantity.minus(ready) };
};

const confirmedOf = (
  { line: { unit }, ready, owed }: { line: { unit?: string | undefined }; ready: string; owed: Decimal },
  now: Date,
) => [
  { answer: { status: 'IA', quantity: ready, unit, dateQualifier: '067', date: dayAfter(now, 3) } },
  ...(owed.greaterThan(0)
    ? [{ answer: { status: 'IB', quantity: owed.toFixed(), unit, dateQualifier: '067', date: dayAfter(now, 14) } }]
    : []),
];

/** What they send off and invoice is the order as it stands on that day. */
function answersToOrder(
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
