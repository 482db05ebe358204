/** What an entity of the service says, read: text, figures, money, and the tag that tells one revision from the next. */
import { money, Problem } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { ForeignRecord, Values } from './odata.records.js';

/** The tag as text that fits into a tag of ours, one for one: `W/"7"` is `W:7`. */
export function revisionOf(etag: string): string {
  const [, weak, tag] = /^(W\/)?"([!#-~]{0,190})"$/.exec(etag) ?? [];
  if (tag === undefined) throw new Problem('upstream-rejected', 'The ERP gives no entity tag that can be sent back');
  return weak ? `W:${tag}` : `S:${tag}`;
}

/** A value that must be there, in words or figures; what is nested instead is no answer to what was asked. */
export function text(values: Values, field: string): string {
  const value = values[field];
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Problem('upstream-rejected', `The ERP answers something else than a value for ${field}`);
}

/** A value without which the answer is of no use, such as the number of what was posted. */
export function needed(values: Values, field: string): string {
  const value = text(values, field);
  if (value === '') throw new Problem('upstream-rejected', `The ERP says nothing of ${field}`);
  return value;
}

export const optional = (values: Values, field: string): string | undefined => text(values, field) || undefined;
export const quantity = (values: Values, field: string): string => new Decimal(text(values, field) || '0').toFixed();
export const amount = (values: Values, field: string, currency: string) => money(text(values, field) || '0', currency);
export const word = <Word extends string>(values: Values, field: string): Word => needed(values, field) as Word;

export const tracked = ({ etag, values }: ForeignRecord) => ({
  revision: revisionOf(etag),
  changedAt: new Date(text(values, 'changedAt')).toISOString(),
});
