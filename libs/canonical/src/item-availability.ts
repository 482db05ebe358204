import { code, day, decimal, instant, list, text } from './field.js';
import { financeContract } from './phi.js';

/** What lies of one lot or serial number of an item at a location. */
@financeContract
export class StockLot {
  @code('Identifier', { example: 'STOCK-NORTH:VAC-FLU:L-2026-1' })
  id!: string;

  @code('Stock location')
  location!: string;

  @code('Item')
  itemId!: string;

  @text('Lot', { optional: true, max: 40 })
  lot?: string;

  @text('Serial number, of one piece', { optional: true, max: 40 })
  serial?: string;

  @day('Last day on which it may be used', { optional: true })
  expiresOn?: string;

  @decimal('On hand, in the stock unit')
  onHand!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;

  @instant('When some of it came or left last')
  changedAt!: string;
}

/** How much of an item was used at a location on the days that were asked for. */
@financeContract
export class ItemUsage {
  @code('Item')
  itemId!: string;

  @code('Stock location')
  location!: string;

  @decimal('Used less returned, in the stock unit')
  quantity!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;
}

/** What there is of an item at one location. */
export class LocationAvailability {
  @code('Stock location')
  location!: string;

  @decimal('On hand; may be negative where more was used than counted')
  onHand!: string;

  @decimal('Ordered for this location and not yet there')
  onOrder!: string;

  @day('When the next of it is promised', { optional: true })
  nextDelivery?: string;
}

/** What a supplier has of an item, as he said last. */
export class SupplierAvailability {
  @code('Supplier')
  supplier!: string;

  @decimal('What he can deliver, in the stock unit')
  available!: string;

  @instant('When he said so')
  asOf!: string;
}

/** What there is of an item, everywhere, answered in one call. All quantities are in the stock unit. */
@financeContract
export class ItemAvailability {
  @code('Item')
  itemId!: string;

  @text('Stock unit', { max: 40 })
  unit!: string;

  @decimal('On hand at all locations')
  onHand!: string;

  @decimal('Ordered and not yet there')
  onOrder!: string;

  @decimal('Of what is ordered, what suppliers cannot deliver yet')
  backordered!: string;

  @list('By location', () => LocationAvailability)
  locations!: LocationAvailability[];

  @list('What suppliers have of it; absent where the system behind is not told', () => SupplierAvailability, {
    optional: true,
  })
  suppliers?: SupplierAvailability[];

  @instant('At which moment')
  asOf!: string;
}
