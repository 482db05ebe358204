import {
  DEFAULT_PAGE_SIZE,
  money,
  toPage,
  type LaborRate,
  type Page,
  type Shift,
  type Worker,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Selectable } from 'kysely';
import { startOfCodes } from '../../page-start.js';
import type { ShiftQuery, WorkerQuery } from '../../queries.js';
import type { HcmTables } from './tables.js';

type WorkerRow = Selectable<HcmTables['sandbox_hcm.worker']>;
type ShiftRow = Selectable<HcmTables['sandbox_hcm.shift']>;

/** Workers, their shifts and the rates of their roles. Only the seed writes them. */
export class WorkforceStore {
  private readonly tables;

  constructor(database: Database) {
    this.tables = database.$extendTables<HcmTables>();
  }

  async rates(): Promise<LaborRate[]> {
    const rows = await this.tables.selectFrom('sandbox_hcm.labor_rate').selectAll().orderBy('role').execute();
    return rows.map(({ role, hourly_cost, currency }) => ({ role, hourlyCost: money(hourly_cost, currency) }));
  }

  async worker(id: string): Promise<Worker | undefined> {
    const row = await this.tables.selectFrom('sandbox_hcm.worker').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toWorker(row);
  }

  async workers({ role, status, cost_center, page_size, page_token }: WorkerQuery): Promise<Page<Worker>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    let rows = this.tables
      .selectFrom('sandbox_hcm.worker')
      .selectAll()
      .orderBy('id')
      .limit(size + 1);
    const after = startOfCodes(page_token);
    if (after) rows = rows.where('id', '>', after);
    if (role) rows = rows.where('role', '=', role);
    if (status) rows = rows.where('status', '=', status);
    if (cost_center) rows = rows.where('cost_center', '=', cost_center);
    return toPage(await rows.execute(), size, ({ id }) => id, toWorker);
  }

  async shifts({ worker_id, facility, date, page_size, page_token }: ShiftQuery): Promise<Page<Shift>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    let rows = this.tables
      .selectFrom('sandbox_hcm.shift')
      .selectAll()
      .orderBy('id')
      .limit(size + 1);
    const after = startOfCodes(page_token);
    if (after) rows = rows.where('id', '>', after);
    if (worker_id) rows = rows.where('worker_id', '=', worker_id);
    if (facility) rows = rows.where('facility', '=', facility);
    if (date) rows = rows.where('date', '=', date);
    return toPage(await rows.execute(), size, ({ id }) => id, toShift);
  }
}

const toWorker = ({ cost_center, ...worker }: WorkerRow): Worker => ({
  ...worker,
  costCenter: cost_center ?? undefined,
});

const toShift = ({ worker_id, ...shift }: ShiftRow): Shift => ({ ...shift, workerId: worker_id });
