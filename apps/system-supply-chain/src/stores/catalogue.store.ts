/**
 * Items, locations and contract prices. The rows are read once, when the connector starts: nothing but the connector
 * writes them.
 */
import { money, type ContractPrice, type Item, type ItemUnit } from '@concord/canonical';
import { putChanged, type Database } from '@concord/database';
import { ITEMS, type SeededItem } from './items.seed.js';
import { CONTRACT_PRICES, LOCATIONS, STOCK_LEVELS, type SeededPrice } from './seed.js';

type Tables = {
  'sandbox_supply_chain.item': {
    id: string;
    gtin: string | null;
    name: string;
    stock_unit: string;
    /** An array of units. */
    units: unknown;
    unit_cost: string;
    currency: string;
    lot_tracked: boolean;
    changed_at: Date;
  };
  'sandbox_supply_chain.location': { code: string; facility: string };
  'sandbox_supply_chain.contract_price': {
    contract: string;
    supplier: string;
    item_id: string;
    unit: string;
    price: string;
    currency: string;
    valid_from: string | null;
    valid_to: string | null;
    changed_at: Date;
  };
  'sandbox_supply_chain.stock_level': {
    location: string;
    item_id: string;
    on_hand: string;
    changed_at: Date;
  };
};

export interface Catalogue {
  readonly items: ReadonlyMap<string, Item>;
  /** By item and contract. */
  readonly contractPrices: readonly ContractPrice[];
  readonly locations: ReadonlySet<string>;
}

/** Adds the synthetic health system where it is missing or says something else; stock that is there stays as it is. */
export async function seedCatalogue(database: Database, at: Date): Promise<void> {
  const counted = STOCK_LEVELS.map(({ par_level: _, ...level }) => ({ ...level, changed_at: at }));
  const priceKeys = ['item_id', 'contract', 'unit'] as const;
  await database.transaction().execute(async (tx) => {
    const tables = tx.$extendTables<Tables>();
    const locations = tables.insertInto('sandbox_supply_chain.location').values(LOCATIONS);
    const levels = tables.insertInto('sandbox_supply_chain.stock_level').values(counted);
    await putChanged(tx, 'sandbox_supply_chain.item', ['id'], ITEMS.map(toItemRow), at);
    await locations.onConflict((row) => row.doNothing()).execute();
    await putChanged(tx, 'sandbox_supply_chain.contract_price', priceKeys, CONTRACT_PRICES.map(toPriceRow), at);
    await levels.onConflict((row) => row.doNothing()).execute();
  });
}

export async function loadCatalogue(database: Database): Promise<Catalogue> {
  const db = database.$extendTables<Tables>();
  const items = await db.selectFrom('sandbox_supply_chain.item').selectAll().execute();
  const prices = await db.selectFrom('sandbox_supply_chain.contract_price').selectAll().execute();
  const locations = await db.selectFrom('sandbox_supply_chain.location').select('code').execute();
  return {
    items: new Map(inOrder(items.map(toItem), ({ id }) => id).map((item) => [item.id, item])),
    contractPrices: inOrder(prices.map(toContractPrice), priceKey),
    locations: new Set(locations.map(({ code }) => code)),
  };
}

/** Names a price among all: what is bought, under which contract, in which unit. */
export const priceKey = ({ itemId, contract, unit }: ContractPrice): string => `${itemId}/${contract}/${unit}`;

/** In ascending order of the key, whatever the collation of the database. */
const inOrder = <T>(rows: readonly T[], keyOf: (row: T) => string): T[] =>
  [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

const toItem = (row: Tables['sandbox_supply_chain.item']): Item => ({
  id: row.id,
  gtin: row.gtin ?? undefined,
  name: row.name,
  stockUnit: row.stock_unit,
  units: row.units as ItemUnit[],
  unitCost: money(row.unit_cost, row.currency),
  lotTracked: row.lot_tracked,
  changedAt: row.changed_at.toISOString(),
});

const toContractPrice = (row: Tables['sandbox_supply_chain.contract_price']): ContractPrice => ({
  contract: row.contract,
  supplier: row.supplier,
  itemId: row.item_id,
  unit: row.unit,
  price: money(row.price, row.currency),
  validFrom: row.valid_from ?? undefined,
  validTo: row.valid_to ?? undefined,
  changedAt: row.changed_at.toISOString(),
});

const toItemRow = ({ id, gtin, name, stockUnit, units, cost, lotTracked }: SeededItem) => ({
  id,
  gtin,
  name,
  stock_unit: stockUnit,
  units,
  unit_cost: cost,
  currency: 'USD',
  lot_tracked: lotTracked,
});

const toPriceRow = ({ contract, supplier, itemId, unit, price, validFrom, validTo }: SeededPrice) => ({
  contract,
  supplier,
  item_id: itemId,
  unit,
  price: price.amount,
  currency: price.currency,
  valid_from: validFrom ?? null,
  valid_to: validTo ?? null,
});
