/** Orders as 850 and suppliers' answers as ours. Pure: one field a line, with the X12 field in words. */
import type { Item, OrderConfirmation, ShipmentNotice, SupplierItem, SupplyOrder } from '@concord/canonical';
import {
  itemsOf,
  type AcknowledgedLine,
  type ChangedLine,
  type PurchaseOrderAcknowledgment,
  type PurchaseOrderChangeAcknowledgment,
  type PurchaseOrderSet,
  type ShipNotice,
  type ShippedOrder,
} from '@concord/x12';
import { Decimal } from 'decimal.js';
import type { Body } from '../../held/documents.store.js';
import { dateOf, dayOf, timeOf } from './dates.js';
import { unitCode } from './unit-codes.js';
import { unitPrice } from './unit-price.js';

export function orderSet(
  order: SupplyOrder,
  itemOf: (id: string) => Item | undefined,
  soldAs: (id: string) => SupplierItem | undefined,
): PurchaseOrderSet {
  return {
    order: {
      purpose: '00', // BEG01 original
      type: 'SA', // BEG02 stand-alone order
      number: order.number, // BEG03 purchase order number
      date: dateOf(order.sentAt.slice(0, 10)), // BEG05 date of the order
    },
    currency: { entity: 'BY', currency: order.total.currency }, // CUR02 currency
    dates: [{ qualifier: '002', date: dateOf(order.neededOn) }], // DTM 002 delivery requested
    parties: [{ party: { entity: 'ST', idQualifier: '92', id: order.deliverTo } }], // N1 ST ship to, our own code
    lines: order.lines.map((line) => ({
      line: {
        line: String(line.line), // PO101 line
        quantity: line.quantity, // PO102 quantity
        unit: unitCode(line.unit), // PO103 unit
        price: new Decimal(line.unitPrice.amount).toFixed(), // PO104 price of one unit
        products: productsOf(line.itemId, itemOf(line.itemId), soldAs(line.itemId)), // PO106… numbers of the item
      },
      descriptions: [{ description: { type: 'F', text: plain(itemOf(line.itemId)?.name ?? line.itemId) } }], // PID05
    })),
    totals: { totals: { lines: String(order.lines.length) } }, // CTT01 number of lines
  };
}

/** Under which numbers an item is known. */
export const productsOf = (id: string, item: Item | undefined, sold: SupplierItem | undefined) => [
  { qualifier: 'IN', id: id.slice(0, 48) }, // the buyer's number
  ...(sold ? [{ qualifier: 'VN', id: sold.supplierItemNumber }] : []), // the vendor's number
  ...(item?.gtin ? [{ qualifier: 'UK', id: item.gtin }] : []), // GTIN-14
];

/** ACK01 (element 668) in our words. */
const ANSWERS: Readonly<Record<string, OrderConfirmation['lines'][number]['status']>> = {
  IA: 'accepted',
  AC: 'accepted',
  AR: 'accepted',
  IC: 'changed',
  IP: 'changed',
  IQ: 'changed',
  DR: 'changed',
  IB: 'backordered',
  BP: 'backordered',
  IR: 'rejected',
  R1: 'rejected',
  R2: 'rejected',
  R3: 'rejected',
};

/** BAK02 in our words. */
const WHOLE: Readonly<Record<string, OrderConfirmation['status']>> = {
  AD: 'accepted',
  AK: 'accepted',
  AT: 'accepted',
  RD: 'rejected',
  RJ: 'rejected',
};

export const confirmationOf = (
  set: PurchaseOrderAcknowledgment,
  supplier: string,
  currency: string,
): Body<'confirmation'> => ({
  order: set.answer.number, // BAK03 our order
  supplier,
  status: WHOLE[set.answer.type] ?? 'accepted-with-changes', // BAK02 answer to the whole
  lines: (set.lines ?? []).flatMap((line) => answersOf(line, currency)),
});

/** What a supplier changes by himself: the same words as of a confirmation, in the segments of a change. */
export const changeConfirmationOf = (
  { answer, lines = [] }: PurchaseOrderChangeAcknowledgment,
  supplier: string,
  currency: string,
): Body<'confirmation'> => ({
  order: answer.number, // BCA03 our order
  supplier,
  status: WHOLE[answer.type ?? ''] ?? 'accepted-with-changes', // BCA02 answer to the whole
  lines: lines.flatMap((line) => answersOf(line, currency)),
});

/** BCA02: whether the order is cancelled, as we asked. */
export const answerToCancellation = ({ answer }: PurchaseOrderChangeAcknowledgment): 'accepted' | 'refused' =>
  WHOLE[answer.type ?? ''] === 'accepted' ? 'accepted' : 'refused';

/** BCA02: whether the order is changed, as we asked or in part (AC); what of it, the answers to its lines say. */
export const answerToChange = ({ answer }: PurchaseOrderChangeAcknowledgment): 'accepted' | 'refused' =>
  answer.type === 'AC' || WHOLE[answer.type ?? ''] === 'accepted' ? 'accepted' : 'refused';

/** BCA01: whether the answer is to a cancellation. */
export const isOfCancellation = ({ answer }: PurchaseOrderChangeAcknowledgment): boolean => answer.purpose === '01';

type Answered = Pick<AcknowledgedLine, 'line' | 'answers'> | Pick<ChangedLine, 'line' | 'answers'>;

const answersOf = ({ line, answers = [] }: Answered, currency: string): OrderConfirmation['lines'] =>
  answers.map(({ answer }) => ({
    line: Number(line.line ?? 0), // PO101 line of our order
    status: ANSWERS[answer.status] ?? 'changed', // ACK01 answer
    quantity: answer.quantity ?? line.quantity ?? '0', // ACK02 quantity
    unitPrice: line.price ? unitPrice(line.price, currency) : undefined, // PO104 price
    promisedOn: answer.date && dayOf(answer.date), // ACK05 promised
  }));

/** One notice for each order of the shipment that is ours. */
export function shipmentsOf(
  set: ShipNotice,
  supplier: string,
  orderOf: (number: string) => SupplyOrder | undefined,
): Body<'shipment'>[] {
  const { notice, shipment } = set;
  const expected = shipment.dates?.find(({ qualifier }) => qualifier === '017')?.date; // DTM 017 estimated delivery
  const shippedOn = shipment.dates?.find(({ qualifier }) => qualifier === '011')?.date ?? notice.date; // DTM 011 shipped
  return shipment.orders.flatMap((shipped) => {
    const order = orderOf(shipped.order?.number ?? ''); // PRF01 our order
    if (!order) return [];
    return {
      number: notice.number, // BSN02 number of the shipment
      order: order.id,
      supplier,
      status: 'shipped',
      shippedAt: `${dayOf(shippedOn)}T${timeOf(notice.time)}Z`,
      expectedOn: expected && dayOf(expected),
      carrier: shipment.carriers?.[0]?.carrier ?? shipment.carriers?.[0]?.routing, // TD503 or TD505 carrier
      tracking: shipment.references?.find(({ qualifier }) => qualifier === 'CN')?.value, // REF CN carrier's number
      lines: linesOf(shipped, order),
    };
  });
}

const linesOf = (shipped: ShippedOrder, order: SupplyOrder): ShipmentNotice['lines'] =>
  itemsOf(shipped).flatMap(({ item, shipped: what, dates }) => {
    const number = Number(what?.line ?? item?.line ?? 0); // SN101 or LIN01 line of our order
    const line = order.lines.find((one) => one.line === number);
    if (!line || !what) return [];
    const numbered = (qualifier: string) => item?.products?.find((one) => one.qualifier === qualifier)?.id;
    const expires = dates?.find(({ qualifier }) => qualifier === '036')?.date; // DTM 036 expiry
    return {
      line: number,
      itemId: line.itemId,
      quantity: what.quantity, // SN102
      unit: line.unit,
      received: '0',
      lot: numbered('LT'), // LIN LT lot
      serial: numbered('SN'), // LIN SN serial number
      expiresOn: expires && dayOf(expires),
    };
  });

/** What a partner with the extended character set can read; a description is no more than that. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9 ,.()/-]/g, ' ')
    .slice(0, 80)
    .trim();
