/** Lines of ours as moves of Tryton: what they name is looked up, and a lot that is new is made. */
import { Problem } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import type { CountedItem, TrytonItems } from './items.js';
import type { PlacesCache } from './places.js';

interface Line {
  readonly itemId: string;
  readonly quantity: string;
  readonly unit: string;
  readonly lot?: string | undefined;
}

export class TrytonLoads {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly items: TrytonItems,
  ) {}

  /** Throws `unknown-code` for an item, or a unit that is not its stock unit; `validation-failed` for no lines or nothing. */
  async movesOf(lines: readonly Line[], from: number, to: number): Promise<object[]> {
    if (lines.length === 0) throw faulty('/lines', 'too-few', 'must not be empty');
    const items = await this.items.counted(lines.map(({ itemId }) => itemId));
    const known = lines.map((line, index) => knownItem(line, index, items));
    const { company } = await this.places.get();
    return Promise.all(
      lines.map(async ({ quantity, lot }, index) => ({
        company,
        product: known[index]!.product,
        uom: known[index]!.uom,
        quantity: Number(quantity),
        cost_price: known[index]!.cost, // Tryton itself would not say it of what stays in stock
        from_location: from,
        to_location: to,
        lot: lot === undefined ? null : await this.lot(known[index]!.product, lot),
      })),
    );
  }

  private async lot(product: number, number: string): Promise<number | undefined> {
    const found = await this.tryton.first(
      'stock.lot',
      [
        ['product', '=', product],
        ['number', '=', number],
      ],
      ['number'],
    );
    return found?.id ?? (await this.tryton.create('stock.lot', [{ product, number }]))[0];
  }
}

function knownItem(
  { itemId: item, unit, quantity }: Line,
  index: number,
  items: ReadonlyMap<string, CountedItem>,
): CountedItem {
  const known = items.get(item);
  if (!known) throw new Problem('unknown-code', 'Item is not known', { context: { item } });
  const { stockUnit } = known;
  if (unit !== stockUnit) {
    const context = { item, unit, stockUnit };
    throw new Problem('unknown-code', `Stock of ${item} is counted in ${stockUnit}`, { context });
  }
  if (!new Decimal(quantity).greaterThan(0)) throw faulty(`/lines/${index}/quantity`, 'minimum', 'must be positive');
  return known;
}

export const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
