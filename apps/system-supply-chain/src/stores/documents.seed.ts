/** Supplier items, contracts, par levels and lots of the synthetic health system. */
import { times } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import type { Documents } from '../held/documents.store.js';
import type { Transfers } from '../ports/replenishment.port.js';
import { ITEMS } from './items.seed.js';
import { CONTRACT_PRICES, CONTRACTS, LOCATIONS, parLevelOf, TRANSFERS } from './seed.js';

const LEAD_DAYS: Readonly<Record<string, number>> = { biologic: 5, supply: 3, implant: 10 };

/** What suppliers said before anything was ordered. */
const SAID_AT = '2026-11-01T06:00:00Z';

/** Adds what is missing; what is there stays as it is. */
export async function seedDocuments(documents: Documents): Promise<void> {
  await documents.transaction(async (tx) => {
    for (const { contract, supplier, title, validFrom, validTo } of CONTRACTS) {
      if (await tx.find('contract', contract)) return; // seeded before, all in one transaction
      await tx.put('contract', contract, { supplier, title, validFrom, validTo, status: 'active' });
    }
    for (const { supplier, itemId, price } of CONTRACT_PRICES) {
      const { name, gtin, kind, stockUnit } = ITEMS.find(({ id }) => id === itemId)!;
      const { unit: orderUnit, stockUnits } = ITEMS.find(({ id }) => id === itemId)!.units.find(
        (unit) => Number(unit.stockUnits) > 1,
      ) ?? { unit: stockUnit, stockUnits: '1' };
      const supplierItemNumber = `${supplier.slice(4, 6)}-${gtin.slice(-6)}`;
      await tx.put('supplier-item', `${supplier}:${itemId}`, {
        supplier,
        itemId,
        supplierItemNumber,
        gtin,
        description: name,
        orderUnit,
        stockUnits,
        listPrice: times(times(price, stockUnits), '1.1'),
        leadDays: LEAD_DAYS[kind],
        orderable: true,
      });
      await tx.put('supplier-stock', `${supplier}:${supplierItemNumber}`, {
        supplier,
        supplierItemNumber,
        itemId,
        available: kind === 'implant' ? '12' : '250',
        unit: orderUnit,
        asOf: SAID_AT,
      });
    }
    for (const { code: location } of LOCATIONS) {
      for (const item of ITEMS) {
        const { id: itemId, stockUnit: unit } = item;
        const parLevel = parLevelOf(location, item);
        const reorderPoint = new Decimal(parLevel).times('0.6').toFixed();
        await tx.put('par-level', `${location}:${itemId}`, { location, itemId, parLevel, reorderPoint, unit });
      }
    }
  });
}

/** Lots of what is tracked by lot, and serial numbers of what is implanted; half of the count expires a year later. */
export async function seedLots(database: Database, at: Date): Promise<void> {
  const lots = LOCATIONS.flatMap(({ code: location }) =>
    ITEMS.filter(({ lotTracked }) => lotTracked).flatMap(({ id: item_id, par, kind }) =>
      [2027, 2028].map((year) => {
        const lot = `L-${year}-${item_id}`;
        const serial = kind === 'implant' ? `SN-${location.slice(6)}-${year}-${item_id}` : undefined;
        return {
          id: `${location}:${item_id}:${lot}`,
          location,
          item_id,
          lot,
          serial,
          expires_on: `${year}-06-30`,
          on_hand: par,
        };
      }),
    ),
  );
  await sql`
    insert into sandbox_supply_chain.stock_lot (id, location, item_id, lot, serial, expires_on, on_hand, changed_at)
    select id, location, item_id, lot, serial, expires_on, on_hand, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(lots)}::jsonb) as lot (id text, location text, item_id text, lot text,
      serial text, expires_on date, on_hand numeric)
    on conflict do nothing`.execute(database);
}

/** Booked once, whenever it starts. */
export async function seedTransfers(transfers: Transfers): Promise<void> {
  for (const { key, transfer, takenBack: reason } of TRANSFERS) {
    const { id } = await transfers.createStockTransfer(key, transfer);
    if (reason !== undefined) await transfers.reverseStockTransfer(key, id, { reason });
  }
}
