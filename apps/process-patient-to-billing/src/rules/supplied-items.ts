import {
  Problem,
  times,
  total,
  type Encounter,
  type Item,
  type Money,
  type SuppliedItem,
  type SupplyUse,
} from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { Reference } from '../reference/reference.js';
import { standardSupplies } from './preference-cards.js';

/** What an encounter used, in stock units and at cost. */
export interface Supplies {
  readonly lines: readonly SuppliedItem[];
  readonly cost: Money;
  /** Priced by what was known last, because the item master does not answer; trued up when it does. */
  readonly fallback?: 'estimate';
  readonly asOf?: string;
}

/**
 * What was used, matched with the item master and converted to the stock unit. What was scanned counts; for a procedure
 * without a scan its preference card does. An unknown item or unit stops it, so that no stock is lost.
 */
export function suppliesOf(encounter: Encounter, reference: Reference, serviceLine: string): Supplies {
  const uses = allSupplies(encounter);
  const lines = uses.map((use) => suppliedItem(use, reference, serviceLine));
  const [asOf] = uses.flatMap(({ id }) => reference.supplies[id]?.asOf ?? []).sort(); // the oldest price
  const cost = total(lines.map(({ value }) => value));
  return asOf === undefined ? { lines, cost } : { lines, cost, fallback: 'estimate', asOf };
}

/** Scanned supplies, and those of the preference cards of procedures that nothing was scanned for. */
export const allSupplies = (encounter: Encounter): SupplyUse[] => [
  ...encounter.supplies,
  ...standardSupplies(encounter),
];

function suppliedItem(use: SupplyUse, reference: Reference, serviceLine: string): SuppliedItem {
  const { system, code } = use.item;
  const { item, unit } = reference.supplies[use.id] ?? { unit: use.unit };
  if (!item) {
    const context = { crosswalk: 'supply-code', system, code };
    throw new Problem('unknown-code', 'A supply has no item in the item master', { context });
  }
  const quantity = inStockUnits(item, use.quantity, unit);
  const { id: itemId, stockUnit, unitCost } = item;
  const value = times(unitCost, quantity);
  return { itemId, scanned: { system, code }, quantity, unit: stockUnit, lot: use.lot, serviceLine, value };
}

/** A quantity of use in the stock unit of the item; refuses a unit that the item master does not know. */
export function inStockUnits(item: Pick<Item, 'id' | 'stockUnit' | 'units'>, quantity: string, unit: string): string {
  if (unit === item.stockUnit) return quantity;
  const known = item.units.find((one) => one.unit === unit);
  if (!known) {
    const context = { crosswalk: 'unit', item: item.id, code: unit, system: UNITS };
    throw new Problem('unknown-code', 'The unit of a supply is not known for its item', { context });
  }
  return new Decimal(quantity).times(known.stockUnits).toDecimalPlaces(6).toString();
}

/** The code system of units of use (UCUM where the record has it). */
export const UNITS = 'http://unitsofmeasure.org';
