/** Products of Tryton as items: number, scanner code, units of its category, and cost of one stock unit. */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage, type Item, type Page } from '@concord/canonical';
import {
  changedAtOf,
  costOf,
  fromWireInstant,
  literally,
  productChangedSince,
  type Domain,
  type Stamped,
  type TrytonRecords,
  type WireDecimal,
} from '@concord/tryton';
import { Decimal } from 'decimal.js';
import type { ItemQuery } from '../../queries.js';
import type { PlacesCache } from './places.js';

/** An item with what Tryton calls it. */
export interface KnownItem {
  readonly product: number;
  readonly uom: number;
  /** What Tryton calls its units, by name. */
  readonly units: ReadonlyMap<string, number>;
  readonly madeAt: string;
  readonly item: Item;
}

/** The product and the unit that it is counted in. */
export interface CountedItem {
  readonly product: number;
  readonly uom: number;
  readonly stockUnit: string;
  /** Cost of one, as Tryton writes it. */
  readonly cost: WireDecimal | null;
}

type Stamps = Omit<Stamped, '_timestamp'>;

interface WireProduct extends Stamps {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly cost_price: WireDecimal | null;
  readonly 'template.': Stamps;
  /** Null where nobody has said anything. */
  readonly lot_required: readonly string[] | null;
  readonly 'default_uom.': {
    readonly id: number;
    readonly name: string;
    readonly category: number;
    readonly factor: number;
  };
}

const FIELDS = [
  'code',
  'name',
  'cost_price',
  'lot_required',
  'default_uom.name',
  'default_uom.category',
  'default_uom.factor',
  'create_date',
  'write_date',
  'template.create_date',
  'template.write_date',
];

export class TrytonItems {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
  ) {}

  async read(id: string): Promise<Item> {
    const found = (await this.byCode([id])).get(id);
    if (!found) throw new Problem('not-found', 'There is no such item');
    return found.item;
  }

  async list({ gtin, text, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE }: ItemQuery): Promise<Page<Item>> {
    const after = pagePosition<string>(page_token, (value) => typeof value === 'string') ?? '';
    const domain: unknown[] = [['code', '>', after]];
    if (gtin) domain.push(['identifiers.code', '=', gtin]);
    const part = `%${literally(text ?? '')}%`;
    if (text) domain.push(['OR', ['code', 'ilike', part], ['template.name', 'ilike', part]]);
    if (changed_since) domain.push(productChangedSince(changed_since));
    const products = await this.find(domain, page_size + 1);
    return toPage(
      products,
      page_size,
      ({ item }) => item.id,
      ({ item }) => item,
    );
  }

  async byCode(codes: readonly string[]): Promise<ReadonlyMap<string, KnownItem>> {
    const found = await this.find([['code', 'in', [...new Set(codes)]]], 1000);
    return new Map(found.map((known) => [known.item.id, known]));
  }

  /** As little as has to be known of items that move: what they are counted in, and what one costs. */
  async counted(codes: readonly string[]): Promise<ReadonlyMap<string, CountedItem>> {
    const { company } = await this.places.get();
    const asked: Domain = [
      ['code', 'in', [...new Set(codes)]],
      ['type', '!=', 'service'],
    ];
    const found = await this.tryton.find<
      Pick<WireProduct, 'code' | 'cost_price'> & { 'default_uom.': { id: number; name: string } }
    >('product.product', asked, ['code', 'cost_price', 'default_uom.name'], { context: { company } });
    return new Map(
      found.map(({ id, code, cost_price: cost, 'default_uom.': { id: uom, name } }) => [
        code,
        { product: id, uom, stockUnit: name, cost },
      ]),
    );
  }

  /** In ascending order of the number. */
  async find(domain: Domain, limit: number): Promise<KnownItem[]> {
    const { company, currency } = await this.places.get();
    const context = { company };
    const order = [['code', 'ASC']] as const;
    const stocked: Domain = [['code', '!=', null], ['type', '!=', 'service'], ...domain];
    const products = await this.tryton.find<WireProduct>('product.product', stocked, FIELDS, { limit, order, context });
    if (!products.length) return [];
    const categories = [...new Set(products.map((one) => one['default_uom.'].category))];
    const [units, identifiers] = await Promise.all([
      this.tryton.all<{ name: string; factor: number; category: number }>(
        'product.uom',
        [['category', 'in', categories]],
        ['name', 'factor', 'category'],
      ),
      this.tryton.all<{ code: string; product: number }>(
        'product.identifier',
        [
          ['product', 'in', products.map(({ id }) => id)],
          ['type', '=', 'ean'],
        ],
        ['code', 'product'],
      ),
    ]);
    const gtins = new Map(identifiers.map(({ product, code }) => [product, code]));
    return products.map((product) => {
      const stockUnit = product['default_uom.'];
      // Of a category that is the item's own; in a common one such as Units, a dozen of everything says nothing.
      const own = units.filter(({ category, name }) => category === stockUnit.category && name !== stockUnit.name);
      return {
        product: product.id,
        uom: stockUnit.id,
        units: new Map([[stockUnit.name, stockUnit.id], ...own.map(({ id, name }) => [name, id] as const)]),
        madeAt: fromWireInstant(product.create_date),
        item: {
          id: product.code,
          gtin: gtins.get(product.id),
          name: product.name,
          stockUnit: stockUnit.name,
          units: own.map(({ name, factor }) => ({
            unit: name,
            stockUnits: new Decimal(factor).div(stockUnit.factor).toDecimalPlaces(6).toFixed(),
          })),
          unitCost: { amount: costOf(product), currency: currency.code },
          lotTracked: !!product.lot_required?.length,
          changedAt: [product, product['template.']].map(changedAtOf).sort().at(-1)!,
        },
      };
    });
  }
}
