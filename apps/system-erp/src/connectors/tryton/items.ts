/** Products of Tryton as items of the books: what one costs, and which accounts its purchase and use go to. */
import { DEFAULT_PAGE_SIZE, isText, pagePosition, Problem, toPage, type ErpItem, type Page } from '@concord/canonical';
import {
  changedAtOf,
  costOf,
  literally,
  productChangedSince,
  STAMPS,
  type Domain,
  type Stamped,
  type TrytonRecords,
  type WireDecimal,
} from '@concord/tryton';
import { Items } from '../../ports/items.port.js';
import type { ErpItemQuery } from '../../queries.js';
import type { Books } from './books.js';
import type { StructureCache } from './structure.cache.js';
import type { Binding } from './tryton-erp.config.js';

/** An item, and what Tryton calls it. */
export interface KnownItem {
  readonly product: number;
  /** Units that it is counted in, by name. */
  readonly units: ReadonlyMap<string, number>;
  readonly item: ErpItem;
}

interface Active {
  readonly active: boolean;
}

interface WireProduct extends Stamped {
  readonly id: number;
  readonly code: string;
  readonly type: 'goods' | 'service' | 'assets';
  readonly consumable: boolean | null;
  readonly cost_price: WireDecimal | null;
  readonly active: boolean;
  readonly 'default_uom.': {
    readonly name: string;
    readonly 'category.': { readonly 'uoms.': readonly (Active & { readonly id: number; readonly name: string })[] };
  };
  readonly 'template.': Stamped & {
    readonly id: number;
    readonly name: string;
    readonly purchasable: boolean | null;
    readonly 'account_category.': { readonly account_expense: number | null } | null;
    readonly 'product_suppliers.': readonly (Active & {
      readonly id: number;
      readonly 'party.': { readonly code: string };
    })[];
  };
}

const FIELDS = [
  'code',
  'type',
  'consumable',
  'cost_price',
  'active',
  'default_uom.name',
  'default_uom.category.uoms.name',
  'default_uom.category.uoms.active',
  'template.name',
  'template.purchasable',
  'template.account_category.account_expense',
  'template.product_suppliers.party.code',
  'template.product_suppliers.active',
  ...STAMPS.map((stamp) => `template.${stamp}`),
  ...STAMPS,
];

const KINDS: Readonly<Record<ErpItem['kind'], Domain>> = {
  stocked: [
    ['type', '=', 'goods'],
    ['consumable', '!=', true],
  ],
  consumable: [
    ['type', '=', 'goods'],
    ['consumable', '=', true],
  ],
  service: [['type', '=', 'service']],
};

/** A product that is no longer active is an item still. */
const ALL = { active_test: false };

const GTIN = /^(\d{8}|\d{12,14})$/;

export class TrytonItems extends Items {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly binding: Binding,
  ) {
    super();
  }

  /** By its number, or by the GTIN that a scanner reads, which Tryton keeps as an EAN. */
  override async readItem(id: string): Promise<ErpItem> {
    const scanned = [
      'identifiers',
      'where',
      [
        ['type', '=', 'ean'],
        ['code', '=', id],
      ],
    ];
    const known = await this.find([GTIN.test(id) ? ['OR', ['code', '=', id], scanned] : ['code', '=', id]], 1);
    if (!known[0]) throw new Problem('not-found', 'There is no such item');
    return known[0].item;
  }

  override async listItems(query: ErpItemQuery): Promise<Page<ErpItem>> {
    const { name, kind, supplier, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const domain: unknown[] = [['code', '>', pagePosition<string>(page_token, isText) ?? '']];
    if (name) domain.push(['template.name', 'ilike', `%${literally(name)}%`]);
    if (kind) domain.push(...KINDS[kind]);
    if (supplier) domain.push(['template.product_suppliers.party.code', '=', supplier]);
    if (changed_since) domain.push(productChangedSince(changed_since));
    const found = await this.find(domain, page_size + 1);
    return toPage(
      found,
      page_size,
      ({ item }) => item.id,
      ({ item }) => item,
    );
  }

  /** Those of these numbers that there are. */
  async byCode(codes: readonly string[]): Promise<ReadonlyMap<string, KnownItem>> {
    const found = codes.length ? await this.find([['code', 'in', [...new Set(codes)]]], 1000) : [];
    return new Map(found.map((known) => [known.item.id, known]));
  }

  /** In ascending order of the number. */
  private async find(domain: Domain, limit: number): Promise<KnownItem[]> {
    const books = [...(await this.structure.get()).books.values()][0]!;
    const context = { company: books.company, ...ALL };
    const asked: Domain = [['code', '!=', null], ['type', 'in', ['goods', 'service']], ...domain];
    const search = { limit, order: [['code', 'ASC']] as const, context };
    const products = await this.tryton.find<WireProduct>('product.product', asked, FIELDS, search);
    return products.map((product) => ({
      product: product.id,
      units: new Map(unitsOf(product).map(({ id, name }) => [name, id])),
      item: this.itemOf(product, books),
    }));
  }

  private itemOf(product: WireProduct, { accounts, entity }: Books): ErpItem {
    const template = product['template.'];
    const sellers = template['product_suppliers.'].filter(({ active }) => active);
    const supplier = sellers.toSorted((a, b) => a.id - b.id)[0]?.['party.'].code;
    const kind = product.type === 'service' ? 'service' : product.consumable ? 'consumable' : 'stocked';
    const expense = template['account_category.']?.account_expense;
    const expenseAccount =
      [...accounts.values()].find(({ key }) => key === expense)?.value.code ?? this.binding.expenseAccount;
    const stamps = [product, template].sort((a, b) => (changedAtOf(a) < changedAtOf(b) ? 1 : -1));
    return {
      id: product.code,
      name: template.name,
      kind,
      unit: product['default_uom.'].name,
      standardCost: { amount: costOf(product), currency: entity.currency },
      purchaseAccount: kind === 'stocked' ? this.binding.inventoryAccount : expenseAccount,
      expenseAccount,
      ...(supplier === undefined ? {} : { supplier }),
      active: product.active && !!template.purchasable,
      revision: `${product._timestamp}-${template._timestamp}`,
      changedAt: changedAtOf(stamps[0]!),
    };
  }
}

const unitsOf = (product: WireProduct) => product['default_uom.']['category.']['uoms.'].filter(({ active }) => active);
