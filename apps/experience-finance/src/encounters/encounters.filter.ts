import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { FinanceTables } from './encounters.tables.js';

type Encounters = ExpressionBuilder<FinanceTables, 'experience_finance.encounter'>;

/** Which encounters are asked for; what is left out lets everything pass. Both days are included. */
export interface EncounterFilter {
  readonly legal_entity?: string;
  readonly facility?: string;
  readonly service_line?: string;
  readonly payer?: string;
  readonly from?: string;
  readonly to?: string;
}

const EQUAL = ['legal_entity', 'facility', 'service_line', 'payer'] as const;

export const askedBy =
  (filter: EncounterFilter) =>
  (row: Encounters): Expression<SqlBool> =>
    row.and([
      ...EQUAL.flatMap((column) => (filter[column] === undefined ? [] : row(column, '=', filter[column]))),
      ...(filter.from === undefined ? [] : [row('service_date', '>=', filter.from)]),
      ...(filter.to === undefined ? [] : [row('service_date', '<=', filter.to)]),
    ]);
