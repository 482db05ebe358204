/** What every rule of the invented vendor's ERP reads, writes and says of an entity. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import { ODataError } from '../store.js';

/** Lines get their numbers in the order in which they came. */
export const numbered = (entity: Entity): Entity =>
  entity['Items'] ? { ...entity, Items: itemsOf(entity).map((item, i) => ({ ...item, ItemNumber: i + 1 })) } : entity;

export const itemsOf = (entity: Entity): Entity[] => (entity['Items'] as Entity[] | undefined) ?? [];
export const text = (entity: Entity, name: string): string => (entity[name] as string | undefined) ?? '';
export const number = (entity: Entity, name: string): Decimal => new Decimal(text(entity, name) || 0);
export const cents = (amount: Decimal): string => amount.toFixed(2);

export const refuse = (code: string, message: string, target?: string): never => {
  throw new ODataError(code === 'CONFLICT' ? 409 : 400, code, message, target);
};
