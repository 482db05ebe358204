/** Nothing is set aside that is not there, or that is set aside for somebody else. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { checkPositive, number, refuse, text } from './values.js';

export function setAside(store: EntityStore, entity: Entity): Entity {
  const [item, location] = [text(entity, 'ItemID'), text(entity, 'StockLocation')];
  const place = `${location}.${item}`;
  const at = { ItemID: item, StockLocation: location };
  if (!store.has('InventoryValuations', place)) refuse('UNKNOWN_CODE', 'The item does not lie there', 'ItemID', at);
  const held = store.read('InventoryValuations', place);
  if (held['BaseUnit'] !== entity['BaseUnit'])
    refuse('UNKNOWN_CODE', 'The item has another unit', 'BaseUnit', { ItemID: item, Unit: text(entity, 'BaseUnit') });
  checkPositive(entity, 'Quantity');
  const taken = store
    .all('StockReservations')
    .filter((one) => one['ReservationStatus'] === 'A' && one['ItemID'] === item && one['StockLocation'] === location)
    .reduce((sum, one) => sum.plus(number(one, 'Quantity')), new Decimal(0));
  const free = number(held, 'Quantity').minus(taken);
  if (free.lt(number(entity, 'Quantity'))) {
    const facts = { ...at, AvailableQuantity: free.toFixed() };
    refuse('STOCK_SHORT', 'Less is free than is to be set aside', 'Quantity', facts);
  }
  return store.insert('StockReservations', { ...entity, ReservationStatus: 'A' }, 'V');
}

/** What is set aside can be released, and that is all: what was taken stays taken. */
export function release(_store: EntityStore, before: Entity, after: Entity, change: Entity): void {
  if (Object.keys(change).some((name) => name !== 'ReservationStatus'))
    refuse('WRONG_STATE', 'A reservation is released and made anew');
  const [from, to] = [before['ReservationStatus'], after['ReservationStatus']];
  if (from !== to && !(from === 'A' && to === 'R')) refuse('WRONG_STATE', 'Only what is set aside is released');
}
