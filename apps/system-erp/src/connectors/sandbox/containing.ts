import { sql, type RawBuilder } from 'kysely';

/** Whether a column holds a text, in any case; what is left out lets everything pass. */
export const containing = (column: RawBuilder<unknown>, part: string | undefined): RawBuilder<unknown> =>
  part === undefined ? sql`true` : sql`position(lower(${part}) in lower(${column})) > 0`;
