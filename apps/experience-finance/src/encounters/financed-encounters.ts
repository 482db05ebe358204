import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '@concord/api';
import { isCalendarDay, isText, DEFAULT_PAGE_SIZE, pagePosition, toPage } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Selectable } from 'kysely';
import { figuresOf } from '../figures.js';
import type { FinancedEncounter, FinancedEncounterPage, FinancedEncounterQuery } from './encounters.dto.js';
import { askedBy } from './encounters.filter.js';
import { EncountersProjection } from './encounters.projection.js';
import type { EncounterRow, FinanceTables } from './encounters.tables.js';

type Position = [serviceDate: string, encounterId: string];

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isCalendarDay(value[0]) && isText(value[1]);

/** The encounters that were financed, newest day of service first. */
@Injectable()
export class FinancedEncounters {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly projection: EncountersProjection,
  ) {}

  async list({ page_size = DEFAULT_PAGE_SIZE, page_token, ...filter }: FinancedEncounterQuery) {
    const before = pagePosition<Position>(page_token, isPosition);
    const freshness = await this.projection.freshness();
    let query = this.database
      .$extendTables<FinanceTables>()
      .selectFrom('experience_finance.encounter')
      .select(LISTED)
      .where(askedBy(filter));
    if (before)
      query = query.where((row) => row(row.refTuple('service_date', 'encounter_id'), '<', row.tuple(...before)));
    const rows = await query
      .orderBy('service_date', 'desc')
      .orderBy('encounter_id', 'desc')
      .limit(page_size + 1)
      .execute();
    const position = (row: ListedRow): Position => [row.service_date, row.encounter_id];
    const page: FinancedEncounterPage = { ...toPage(rows, page_size, position, toFinancedEncounter), freshness };
    return page;
  }
}

/** The columns that a line of a list shows. */
export const LISTED = [
  'encounter_id',
  'facility',
  'region',
  'legal_entity',
  'service_line',
  'payer',
  'service_date',
  'accounting_date',
  'currency',
  'gross',
  'expected',
  'supply_cost',
  'labor_cost',
  'margin',
  'financed_at',
  'withdrawn_at',
] as const satisfies readonly (keyof EncounterRow)[];

type ListedRow = Pick<Selectable<EncounterRow>, (typeof LISTED)[number]>;

export const toFinancedEncounter = (row: ListedRow): FinancedEncounter => ({
  encounterId: row.encounter_id,
  status: row.withdrawn_at ? 'withdrawn' : 'financed',
  facility: row.facility,
  region: row.region,
  legalEntity: row.legal_entity,
  serviceLine: row.service_line,
  payer: row.payer,
  serviceDate: row.service_date,
  accountingDate: row.accounting_date,
  ...figuresOf(row),
  financedAt: row.financed_at.toISOString(),
  withdrawnAt: row.withdrawn_at?.toISOString(),
});
