/** What every rule of the invented vendor's ERP reads, writes and says of an entity. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import { ODataError, type EntityStore } from '../store.js';

/** Lines get their numbers in the order in which they came. */
export const numbered = (entity: Entity): Entity =>
  entity['Items'] ? { ...entity, Items: itemsOf(entity).map((item, i) => ({ ...item, ItemNumber: i + 1 })) } : entity;

export const itemsOf = (entity: Entity): Entity[] => (entity['Items'] as Entity[] | undefined) ?? [];
export const text = (entity: Entity, name: string): string => (entity[name] as string | undefined) ?? '';
export const number = (entity: Entity, name: string): Decimal => new Decimal(text(entity, name) || 0);
export const cents = (amount: Decimal): string => amount.toFixed(2);

/** The codes of this vendor that are answered with another status than 400. */
const STATUS: Readonly<Record<string, number>> = { CONFLICT: 409, WRONG_STATE: 409, NOT_AUTHORIZED: 403 };

/** @param facts what whoever is refused may want to know beside it: codes and figures */
export const refuse = (code: string, message: string, target?: string, facts?: Record<string, string>): never => {
  throw new ODataError(STATUS[code] ?? 400, code, message, target, facts);
};

/** Refuses an entity that names, in one of its properties, something that the ERP does not have; nothing is no name. */
export function checkNames(store: EntityStore, entity: Entity, sets: Readonly<Record<string, string>>): void {
  for (const [name, set] of Object.entries(sets)) {
    const key = text(entity, name);
    if (key && !store.has(set, key)) refuse('UNKNOWN_CODE', `${name} does not exist`, name, { [name]: key });
  }
}

/** Refuses a line whose cost center is not one of the company. */
export function checkCenter(store: EntityStore, line: Entity, company: string): void {
  const center = text(line, 'CostCenter');
  if (store.has('CostCenters', center) && store.read('CostCenters', center)['CompanyCode'] === company) return;
  const facts = { CostCenter: center, CompanyCode: company };
  refuse('UNKNOWN_CODE', 'The company has no such cost center', 'CostCenter', facts);
}

/** Refuses what is not more than nothing. */
export function checkPositive(entity: Entity, name: string): void {
  if (!number(entity, name).gt(0)) refuse('NOT_POSITIVE', `${name} is not positive`, name);
}

/** Refuses the lines of what is to be bought where they name what the ERP does not have, or ask for nothing. */
export function checkBoughtLines(store: EntityStore, entity: Entity, more: Readonly<Record<string, string>>): void {
  for (const line of itemsOf(entity)) {
    checkNames(store, line, { ItemID: 'Items', GLAccount: 'GLAccounts', ...more });
    checkCenter(store, line, text(entity, 'CompanyCode'));
    checkUnit(store, line);
    checkPositive(line, 'Quantity');
  }
}

/** What is kept in stock is bought in the unit in which it is valued. */
function checkUnit(store: EntityStore, line: Entity): void {
  const id = text(line, 'ItemID');
  if (!id) return;
  const { ItemKind, BaseUnit } = store.read('Items', id);
  if (ItemKind !== 'STOCK' || BaseUnit === line['Unit']) return;
  refuse('UNKNOWN_CODE', 'The item has another unit', 'Unit', { ItemID: id, Unit: text(line, 'Unit') });
}
