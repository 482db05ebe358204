/**
 * Makes in Tryton what the stock of Concord needs there and what is missing: locations, items with their units, par
 * levels and an opening count. What is there stays as it is, so that it can be run again at any time.
 */
import type { Item } from '@concord/canonical';
import { toWireDay, toWireDecimal, type TrytonRecords } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import type { TrytonStockConfig } from './tryton-stock.config.js';

/** An item as it is to be made. */
type ReferenceItem = Omit<Item, 'changedAt'>;

export interface ReferenceStock {
  readonly items: readonly ReferenceItem[];
  /** At every location, by item, in its stock unit. */
  readonly levels: readonly { location: string; itemId: string; onHand: string; parLevel: string }[];
}

/** Tells what was made, one sentence each; none where all was there. */
export async function prepareStock(
  tryton: TrytonRecords,
  { company: partyCode, root, used }: TrytonStockConfig,
  { items, levels }: ReferenceStock,
): Promise<string[]> {
  const made: string[] = [];
  const owner = await tryton.first('company.company', [['party.code', '=', partyCode]], ['party.code']);
  if (!owner) throw new Error(`Tryton has no company ${partyCode}: prepare the books first`);
  const company = owner.id;
  const context = { company };
  const day = toWireDay(new Date().toISOString().slice(0, 10));

  const warehouse = await tryton.first<{ storage_location: number }>(
    'stock.location',
    [['type', '=', 'warehouse']],
    ['storage_location'],
  );
  if (!warehouse) throw new Error('Tryton has no warehouse');
  const location = async (code: string, values: object): Promise<number> => {
    const found = await tryton.first('stock.location', [['code', '=', code]], ['code']);
    if (found) return found.id;
    made.push(`location ${code}`);
    return one(tryton, 'stock.location', { code, name: code, ...values }, context);
  };
  const above = await location(root, { type: 'storage', parent: warehouse.storage_location });
  await location(used, { type: 'lost_found' });
  const places = new Map<string, number>();
  for (const code of new Set(levels.map((level) => level.location))) {
    places.set(code, await location(code, { type: 'storage', parent: above }));
  }

  const products = await prepareItems(tryton, items, context, made);
  await prepareParLevels();
  await countOpeningStock();
  return made;

  async function prepareParLevels(): Promise<void> {
    const there = await tryton.all<{ product: number; storage_location: number }>(
      'stock.order_point',
      [['storage_location', 'in', [...places.values()]]],
      ['product', 'storage_location'],
      context,
    );
    const known = new Set(there.map(({ product, storage_location }) => `${storage_location} ${product}`));
    const missing = levels.flatMap(({ location, itemId, parLevel }) => {
      const [storage_location, product] = [places.get(location), products.get(itemId)];
      if (product === undefined || known.has(`${storage_location} ${product}`)) return [];
      const target_quantity = Number(parLevel);
      const min_quantity = new Decimal(parLevel).times('0.6').floor().toNumber(); // ordered anew when so little is left
      const between = { storage_location, provisioning_location: warehouse!.storage_location };
      return [{ company, product, type: 'internal', ...between, min_quantity, target_quantity }];
    });
    if (!missing.length) return;
    await tryton.create('stock.order_point', missing, context);
    made.push(`${missing.length} par levels`);
  }

  /** Only where nothing was ever moved: what lies there later is for people to count. */
  async function countOpeningStock(): Promise<void> {
    for (const [code, place] of places) {
      const moved = ['OR', ['to_location', '=', place], ['from_location', '=', place]];
      if (await tryton.first('stock.move', [moved], ['state'])) continue;
      const lines = levels.flatMap(({ location, itemId, onHand }) => {
        const product = products.get(itemId);
        return location === code && product !== undefined ? [{ product, quantity: Number(onHand) }] : [];
      });
      if (!lines.length) continue;
      const count = { company, location: place, date: day, lines: [['create', lines]] };
      const inventory = await one(tryton, 'stock.inventory', count, context);
      await tryton.press('stock.inventory', 'confirm', [inventory], context);
      made.push(`opening stock of ${code}`);
    }
  }
}

type Context = { readonly company: number };

async function prepareItems(
  tryton: TrytonRecords,
  items: readonly ReferenceItem[],
  context: Context,
  made: string[],
): Promise<ReadonlyMap<string, number>> {
  const products = async () => {
    const found = await tryton.all<{ code: string }>('product.product', [['code', '!=', null]], ['code'], context);
    return new Map(found.map(({ code, id }) => [code, id]));
  };
  const there = await products();
  const missing = items.filter(({ id }) => !there.has(id));
  for (const item of missing) await makeItem(tryton, item, context);
  if (!missing.length) return there;
  made.push(`${missing.length} items`);
  return products();
}

async function makeItem(tryton: TrytonRecords, item: ReferenceItem, context: Context): Promise<void> {
  const uom = await unitOf(tryton, item, context);
  const template = await one(
    tryton,
    'product.template',
    {
      code: item.id,
      name: item.name,
      type: 'goods',
      default_uom: uom,
      purchase_uom: uom,
      purchasable: true, // so that it can be asked for
      list_price: toWireDecimal(item.unitCost.amount),
      cost_price_method: 'fixed',
      lot_required: item.lotTracked ? ['supplier'] : [], // asked for when it comes in
      products: [['create', [{ identifiers: item.gtin ? [['create', [{ type: 'ean', code: item.gtin }]]] : [] }]]],
    },
    context,
  );
  const product = await tryton.first('product.product', [['template', '=', template]], ['code'], { context });
  await tryton.write('product.product', product!.id, { cost_price: toWireDecimal(item.unitCost.amount) }, context);
}

/** How many decimals of a unit are counted: a tenth of a vial is a dose. */
const PRECISION = { digits: 6, rounding: 0.000001 };

/** The stock unit, in a category of the item's own, since a box of one is not a box of another. */
async function unitOf(
  tryton: TrytonRecords,
  { id, stockUnit, units }: ReferenceItem,
  context: Context,
): Promise<number> {
  const found = await tryton.first(
    'product.uom',
    [
      ['category.name', '=', id],
      ['name', '=', stockUnit],
    ],
    ['name'],
  );
  if (found) return found.id;
  const category = await one(tryton, 'product.uom.category', { name: id }, context);
  const values = [{ unit: stockUnit, stockUnits: '1' }, ...units].map(({ unit, stockUnits }) => {
    const factor = new Decimal(stockUnits);
    const rate = new Decimal(1).div(factor).toDecimalPlaces(12);
    return { name: unit, symbol: unit, category, factor: factor.toNumber(), rate: rate.toNumber(), ...PRECISION };
  });
  const [unit] = await tryton.create('product.uom', values, context);
  return unit!;
}

async function one(tryton: TrytonRecords, model: string, values: object, context: Context): Promise<number> {
  const [id] = await tryton.create(model, [values], context);
  if (id === undefined) throw new Error(`Tryton made no ${model}`);
  return id;
}
