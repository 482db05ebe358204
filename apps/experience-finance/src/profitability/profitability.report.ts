import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '@concord/api';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { askedBy, type EncounterFilter } from '../encounters/encounters.filter.js';
import { EncountersProjection } from '../encounters/encounters.projection.js';
import type { FinanceTables } from '../encounters/encounters.tables.js';
import { figuresOf, type FigureColumns } from '../figures.js';
import type { Dimension, Profitability, ProfitabilityQuery, ProfitabilityTotal } from './profitability.dto.js';

interface SumRow extends FigureColumns {
  /** None for the sum over all. */
  readonly code: string | null;
  readonly encounters: number;
}

/** What encounters earned and cost, by facility, by service line of the visit, or by region. */
@Injectable()
export class ProfitabilityReport {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly projection: EncountersProjection,
  ) {}

  async read({ by, ...filter }: ProfitabilityQuery): Promise<Profitability> {
    const freshness = await this.projection.freshness();
    const rows = await this.sums(by, filter);
    const lines = rows.flatMap((row) => (row.code === null ? [] : { code: row.code, ...toTotal(row) }));
    const totals = rows.filter((row) => row.code === null).map(toTotal);
    return { by, lines, totals, freshness };
  }

  /** Parts and whole in one statement, so that the parts always add up to the whole. */
  private sums(by: Dimension, filter: EncounterFilter): Promise<SumRow[]> {
    return this.database
      .$extendTables<FinanceTables>()
      .selectFrom('experience_finance.encounter')
      .select((row) => [
        sql<string | null>`${row.ref(by)}`.as('code'),
        'currency',
        sql<number>`count(*)::int`.as('encounters'),
        row.fn.sum<string>('gross').as('gross'),
        row.fn.sum<string>('expected').as('expected'),
        row.fn.sum<string>('supply_cost').as('supply_cost'),
        row.fn.sum<string>('labor_cost').as('labor_cost'),
        row.fn.sum<string>('margin').as('margin'),
      ])
      .where('withdrawn_at', 'is', null)
      .where(askedBy(filter))
      .groupBy((row) => sql`grouping sets ((currency, ${row.ref(by)}), (currency))`)
      .orderBy('code')
      .orderBy('currency')
      .execute();
  }
}

const toTotal = (row: SumRow): ProfitabilityTotal => ({ encounters: row.encounters, ...figuresOf(row) });
