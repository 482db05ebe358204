import type { Sheet } from './sheet.js';
import type { Kind } from './statement.js';

/** A thing of the record with what is known of it. */
export interface Thing {
  readonly kind: Kind;
  readonly id: string;
  readonly sheet: Sheet;
  readonly revision: number;
  readonly changedAt: Date;
}
