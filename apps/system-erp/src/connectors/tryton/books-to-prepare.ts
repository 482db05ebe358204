import type { LegalEntity } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import type { Binding } from './tryton-erp.config.js';

/** The books of one company, while what is missing in them is made. */
export interface BooksToPrepare {
  readonly tryton: TrytonRecords;
  readonly binding: Binding;
  readonly entity: LegalEntity;
  readonly company: number;
  readonly context: { readonly company: number };
  /** What was made, one sentence each. */
  readonly made: string[];
}

/** Makes one record, and tells its id. */
export async function one(tryton: TrytonRecords, model: string, values: object, context = {}): Promise<number> {
  const [id] = await tryton.create(model, [values], context);
  if (id === undefined) throw new Error(`Tryton made no ${model}`);
  return id;
}
