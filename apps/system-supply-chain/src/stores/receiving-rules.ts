/** What came of a shipment in stock units, what is refused of it, and what a notice says of it. Pure. */
import { Decimal } from 'decimal.js';
import {
  minus,
  money,
  Problem,
  times,
  type Item,
  type NewShipmentReceipt,
  type NewShipmentReceiptLine,
  type ShipmentLine,
  type ShipmentNotice,
  type ShipmentReceiptLine,
} from '@concord/canonical';
import type { Body } from '../held/documents.store.js';
import { unitsOf } from '../held/order-rules.js';

/** Decimals of a quantity. */
const FINEST = 6;

type Items = ReadonlyMap<string, Item>;

/** What came, each line at the unit cost of its item; all that is to come where no lines are named. */
export function cameOf(
  { lines: told }: NewShipmentReceipt,
  notice: ShipmentNotice,
  items: Items,
): ShipmentReceiptLine[] {
  const wanted = told ?? toCome(notice);
  const lines = wanted.map((line, index) => cameOfLine(line, told && `/lines/${index}`, notice, items));
  for (const [index, { shipmentLine }] of wanted.entries()) refuseTooMuch(shipmentLine, index, wanted, notice);
  return lines;
}

/** The line that takes a line back, at the value it had. */
export const takenBack = (line: ShipmentReceiptLine): ShipmentReceiptLine => ({
  ...line,
  quantity: new Decimal(line.quantity).negated().toFixed(),
  stockQuantity: new Decimal(line.stockQuantity).negated().toFixed(),
  value: minus(money(0, line.value.currency), line.value),
});

/** The notice after that. */
export function noticeAfter(notice: ShipmentNotice, came: readonly ShipmentReceiptLine[]): Body<'shipment'> {
  const lines = notice.lines.map((line, index) => {
    const now = came.filter(({ shipmentLine }) => shipmentLine === index + 1);
    return { ...line, received: now.reduce(added, new Decimal(line.received)).toFixed() };
  });
  const some = lines.some(({ received }) => Number(received) > 0);
  const all = lines.every((line) => openOf(line).lessThanOrEqualTo(0));
  return { ...notice, lines, status: all ? 'received' : some ? 'partially-received' : 'shipped' };
}

const added = (sum: Decimal, { quantity }: { quantity: string }): Decimal => sum.plus(quantity);

const openOf = ({ quantity, received }: Pick<ShipmentLine, 'quantity' | 'received'>): Decimal =>
  new Decimal(quantity).minus(received);

function toCome({ id, lines }: ShipmentNotice): NewShipmentReceiptLine[] {
  const open = lines.map((line, index) => ({ shipmentLine: index + 1, quantity: openOf(line).toFixed() }));
  const some = open.filter(({ quantity }) => new Decimal(quantity).greaterThan(0));
  if (some.length) return some;
  throw new Problem('conflict', 'All of the shipment was received already', { context: { shipment: id } });
}

function cameOfLine(
  line: NewShipmentReceiptLine,
  told: string | undefined,
  notice: ShipmentNotice,
  items: Items,
): ShipmentReceiptLine {
  const { shipmentLine, quantity } = line;
  const pointer = told ?? '/lines';
  const sent = notice.lines[shipmentLine - 1];
  if (!sent) throw faulty(`${pointer}/shipmentLine`, 'unknown', 'is not of the shipment');
  if (!new Decimal(quantity).greaterThan(0)) throw faulty(`${pointer}/quantity`, 'minimum', 'must be positive');
  const { itemId, unit } = sent;
  const item = items.get(itemId);
  const factor = item && unitsOf(item).get(unit);
  if (!factor) throw new Problem('unknown-code', 'The item has no such unit', { context: { item: itemId, unit } });
  const marks = {
    lot: asTold('lot', line, sent, pointer),
    serial: asTold('serial', line, sent, pointer),
    expiresOn: asTold('expiresOn', line, sent, pointer),
  };
  if (item.lotTracked && marks.lot === undefined)
    throw faulty(told ? `${told}/lot` : '/lines', 'missing', 'must tell the lot, as the item is tracked by lot');
  const stockQuantity = new Decimal(quantity).times(factor).toDecimalPlaces(FINEST).toFixed();
  const value = times(item.unitCost, stockQuantity);
  const { line: orderLine } = sent;
  return { shipmentLine, orderLine, itemId, quantity, unit, stockQuantity, stockUnit: item.stockUnit, ...marks, value };
}

/** What the notice tells holds; who reads something else on the package asks the supplier. */
function asTold(
  mark: 'lot' | 'serial' | 'expiresOn',
  line: NewShipmentReceiptLine,
  sent: ShipmentLine,
  pointer: string,
): string | undefined {
  if (line[mark] === undefined || sent[mark] === undefined || line[mark] === sent[mark])
    return sent[mark] ?? line[mark];
  throw faulty(`${pointer}/${mark}`, 'other', 'must be what the shipment notice tells');
}

function refuseTooMuch(
  shipmentLine: number,
  index: number,
  wanted: readonly NewShipmentReceiptLine[],
  { id, lines }: ShipmentNotice,
): void {
  const { quantity: shipped, received } = lines[shipmentLine - 1]!;
  const same = wanted.slice(0, index + 1).filter((line) => line.shipmentLine === shipmentLine);
  if (same.some(({ surplus }) => surplus) || same.reduce(added, new Decimal(received)).lessThanOrEqualTo(shipped))
    return;
  const pointer = `/lines/${index}/quantity`;
  throw new Problem('conflict', 'More came than the supplier sent off', {
    errors: [{ pointer, code: 'maximum', detail: 'is more than was sent off and not received yet' }],
    context: { shipment: id, shipmentLine: String(shipmentLine), shipped, received },
  });
}

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
