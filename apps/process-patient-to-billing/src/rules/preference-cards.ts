import { SYSTEMS, type Encounter, type SupplyUse } from '@concord/canonical';
import { readTable } from '../reference/tables.js';

interface CardLine {
  readonly itemId: string;
  readonly quantity: string;
  readonly unit: string;
}

/** What a procedure uses by standard, by code (`procedure-supplies.csv`). */
const cards = new Map<string, CardLine[]>();
for (const { system, code, item_id: itemId, quantity, unit } of readTable('procedure-supplies')) {
  const key = `${system}|${code}`;
  cards.set(key, [...(cards.get(key) ?? []), { itemId: itemId!, quantity: quantity!, unit: unit! }]);
}

/** The supplies of the encounter's procedures by their preference cards, where the same item was not scanned. */
export function standardSupplies({ services, supplies }: Encounter): SupplyUse[] {
  const scanned = new Set(supplies.map(({ item }) => item.code));
  return services.flatMap(({ id, code, kind }) =>
    (kind === 'procedure' ? (cards.get(`${code.system}|${code.code}`) ?? []) : [])
      .filter(({ itemId }) => !scanned.has(itemId))
      .map(({ itemId, quantity, unit }) => ({
        id: `${id}.${itemId}`,
        item: { system: SYSTEMS.item, code: itemId },
        quantity,
        unit,
      })),
  );
}
