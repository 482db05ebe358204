/** What the stock refuses, and what it is worth. */
import { Decimal } from 'decimal.js';
import { minus, money, Problem, times } from '@concord/canonical';
import type {
  Item,
  NewStockAdjustment,
  NewStockAdjustmentLine,
  NewStockTransfer,
  StockAdjustmentLine,
} from '@concord/canonical';
import type { Catalogue } from './catalogue.store.js';

/** Why an adjustment cannot be booked, or undefined where it can. Lack of stock is no reason: what was used was used. */
export function refusalOf(
  { location, lines }: NewStockAdjustment,
  { items, locations }: Catalogue,
): Problem | undefined {
  if (!locations.has(location)) return unknown('Stock location is not known', { location });
  return refusalOfLines(lines, items);
}

/** Why a transfer cannot be booked, whatever lies there. */
export function refusalOfTransfer(
  { from, to, lines }: NewStockTransfer,
  { items, locations }: Pick<Catalogue, 'items' | 'locations'>,
): Problem | undefined {
  for (const location of [from, to]) {
    if (!locations.has(location)) return unknown('Stock location is not known', { location });
  }
  if (from === to) return faulty('/to', 'same', 'must be another location');
  return refusalOfLines(lines, items);
}

type Line = Pick<NewStockAdjustmentLine, 'itemId' | 'unit' | 'quantity'>;

function refusalOfLines(lines: readonly Line[], items: ReadonlyMap<string, Item>): Problem | undefined {
  if (lines.length === 0) return faulty('/lines', 'too-few', 'must not be empty');
  for (const [index, line] of lines.entries()) {
    const refusal = refusalOfLine(line, index, items.get(line.itemId));
    if (refusal) return refusal;
  }
  return undefined;
}

function refusalOfLine(
  { itemId: item, unit, quantity }: Line,
  index: number,
  known: Item | undefined,
): Problem | undefined {
  if (!known) return unknown('Item is not known', { item });
  const { stockUnit } = known;
  if (unit !== stockUnit) return unknown(`Stock of ${item} is counted in ${stockUnit}`, { item, unit, stockUnit });
  if (new Decimal(quantity).greaterThan(0)) return undefined;
  return faulty(`/lines/${index}/quantity`, 'minimum', 'must be positive');
}

/** A line at the unit cost of its item, rounded to cents. */
export const valued = <T extends Line>(line: T, { unitCost }: Item): T & Pick<StockAdjustmentLine, 'value'> => ({
  ...line,
  value: times(unitCost, line.quantity),
});

/** The line that takes a line back, at the value it had. */
export const returned = (line: StockAdjustmentLine): StockAdjustmentLine => ({
  ...line,
  quantity: new Decimal(line.quantity).negated().toFixed(),
  value: minus(money(0, line.value.currency), line.value),
});

const unknown = (detail: string, context: Record<string, string>) => new Problem('unknown-code', detail, { context });

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
