import { choice, code, count, day, decimal, flag, formatted, instant, list, nested, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';
import { changedAt, revision } from './revision.js';

/** `list` before any contract; `contract` as agreed; `net` what is charged in the end; `resale` what we may charge others. */
export const CATALOGUE_PRICE_KINDS = ['list', 'contract', 'net', 'promotional', 'resale', 'quoted', 'other'] as const;

/** One price of an item, as its supplier says it. */
export class CataloguePrice {
  @choice('What kind of price it is', CATALOGUE_PRICE_KINDS)
  kind!: (typeof CATALOGUE_PRICE_KINDS)[number];

  @nested('Price of one unit', () => Money)
  price!: Money;

  @text('Unit; the order unit where nothing is said', { optional: true, max: 40 })
  unit?: string;

  @decimal('From how many units on', { optional: true })
  fromQuantity?: string;

  @day('First day', { optional: true })
  effectiveOn?: string;

  @day('Last day', { optional: true })
  endsOn?: string;
}

/** How one supplier sells an item: under which number, in which packing. */
@financeContract
export class SupplierItem {
  @code('Identifier', { example: 'SUP-HARBOR-MEDICAL:SUTURE-KIT' })
  id!: string;

  @code('Supplier')
  supplier!: string;

  @code('Item of the item master')
  itemId!: string;

  @text('Number under which the supplier sells it', { max: 48, example: 'HM-10023' })
  supplierItemNumber!: string;

  @formatted('Global Trade Item Number of the packing', /^[0-9]{14}$/, { optional: true })
  gtin?: string;

  @text('What the supplier calls it')
  description!: string;

  @text('Unit in which it is ordered', { max: 40, example: 'case' })
  orderUnit!: string;

  @decimal('Stock units in one order unit', { example: '20' })
  stockUnits!: string;

  @nested('List price of one order unit today, before any contract', () => Money, { optional: true })
  listPrice?: Money;

  @list('Every price that the supplier told last, also those that hold later', () => CataloguePrice, {
    optional: true,
    max: 100,
  })
  prices?: CataloguePrice[];

  @count('Days from order to delivery', { optional: true, max: 365 })
  leadDays?: number;

  @flag('Whether it can still be ordered')
  orderable!: boolean;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export const CATALOGUE_CHANGE_KINDS = ['added', 'changed', 'discontinued', 'price-changed'] as const;

/** What a supplier said about his catalogue, line by line. It is never changed. */
@financeContract
export class CatalogueChange {
  @code('Identifier')
  id!: string;

  @code('Supplier')
  supplier!: string;

  @text('Number under which the supplier sells it', { max: 48 })
  supplierItemNumber!: string;

  @code('Item of the item master, where it is known by its number or GTIN', { optional: true })
  itemId?: string;

  @choice('What happened', CATALOGUE_CHANGE_KINDS)
  kind!: (typeof CATALOGUE_CHANGE_KINDS)[number];

  @text('What the supplier calls it', { optional: true })
  description?: string;

  @nested('New list price', () => Money, { optional: true })
  price?: Money;

  @day('From when on it holds', { optional: true })
  effectiveOn?: string;

  @list('Every price that the supplier told', () => CataloguePrice, { optional: true, max: 100 })
  prices?: CataloguePrice[];

  @changedAt()
  changedAt!: string;
}

/** What a supplier has of an item, as he said last. */
@financeContract
export class SupplierStock {
  @code('Identifier', { example: 'SUP-HARBOR-MEDICAL:HA-002020' })
  id!: string;

  @code('Supplier')
  supplier!: string;

  @text('Number under which the supplier sells it', { max: 48 })
  supplierItemNumber!: string;

  @code('Item of the item master, where it is known', { optional: true })
  itemId?: string;

  @decimal('What he can deliver, in the unit', { example: '100' })
  available!: string;

  @text('Unit', { max: 40, optional: true })
  unit?: string;

  @instant('When he said so')
  asOf!: string;

  @changedAt()
  changedAt!: string;
}

/** A contract with a supplier. Its prices are listed as contract prices. */
@financeContract
export class SupplyContract {
  @code('Contract', { example: 'CT-2026-014' })
  id!: string;

  @code('Supplier')
  supplier!: string;

  @text('What it is about')
  title!: string;

  @day('First day')
  validFrom!: string;

  @day('Last day; absent where it is open', { optional: true })
  validTo?: string;

  @choice('Standing', ['active', 'expired', 'planned'])
  status!: 'active' | 'expired' | 'planned';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** What should be there of an item at a location, and when it is ordered anew. */
@financeContract
export class ParLevel {
  @code('Identifier', { example: 'STOCK-NORTH:VAC-FLU' })
  id!: string;

  @code('Stock location')
  location!: string;

  @code('Item')
  itemId!: string;

  @decimal('What should be there, in the stock unit', { example: '100' })
  parLevel!: string;

  @decimal('Below which quantity it is ordered anew', { example: '60' })
  reorderPoint!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class ParLevelChange extends changeOf(ParLevel, ['parLevel', 'reorderPoint']) {}
