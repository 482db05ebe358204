import {
  DEFAULT_PAGE_SIZE,
  money,
  toPage,
  total,
  type LaborAllocation,
  type NewLaborAllocation,
  type Page,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Selectable } from 'kysely';
import { documentNumber, sequenceOf } from '../../document-number.js';
import { startOfSequence } from '../../page-start.js';
import type { LaborAllocationQuery } from '../../queries.js';
import type { HcmTables } from './tables.js';

type Row = Selectable<HcmTables['sandbox_hcm.labor_allocation']> & { reversed_by: number | null };

/** What makes an allocation a reversal. */
interface Reversal {
  readonly reverses: string;
  readonly reason: string;
}

/** Allocations that were booked. Whether one is reversed is told by the row that reverses it. */
export class LaborAllocationStore {
  private readonly tables;

  constructor(database: Database) {
    this.tables = database.$extendTables<HcmTables>();
  }

  /** Books in one statement. Undefined where the business key, or a reversal of the same allocation, is there already. */
  async add(
    businessKey: string,
    { reference, facility, date, lines }: NewLaborAllocation,
    bookedAt: Date,
    reversal?: Reversal,
  ): Promise<LaborAllocation | undefined> {
    const cost = total(
      lines.map((line) => line.cost),
      lines[0]?.cost.currency,
    );
    const row = await this.tables
      .insertInto('sandbox_hcm.labor_allocation')
      .values({
        business_key: businessKey,
        reference,
        facility,
        date,
        lines: JSON.stringify(lines),
        cost: cost.amount,
        currency: cost.currency,
        reverses: sequenceOrNull(reversal?.reverses),
        reason: reversal?.reason ?? null,
        booked_at: bookedAt,
      })
      .onConflict((known) => known.doNothing())
      .returningAll()
      .executeTakeFirst();
    return row && toAllocation({ ...row, reversed_by: null });
  }

  /** The allocation that a key booked, or the reversal of one that it booked. */
  async ofBusinessKey(businessKey: string, reverses?: string): Promise<LaborAllocation | undefined> {
    const row = await this.rows()
      .where('allocation.business_key', '=', businessKey)
      .where('allocation.reverses', 'is not distinct from', sequenceOrNull(reverses))
      .executeTakeFirst();
    return row && toAllocation(row);
  }

  async read(id: string): Promise<LaborAllocation | undefined> {
    const sequence = sequenceOf(id);
    if (sequence === undefined) return undefined;
    const row = await this.rows().where('allocation.sequence', '=', sequence).executeTakeFirst();
    return row && toAllocation(row);
  }

  async list({ reference, page_size, page_token }: LaborAllocationQuery): Promise<Page<LaborAllocation>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    let rows = this.rows()
      .orderBy('allocation.sequence')
      .limit(size + 1);
    const after = startOfSequence(page_token);
    if (after) rows = rows.where('allocation.sequence', '>', after);
    if (reference) rows = rows.where('allocation.reference', '=', reference);
    return toPage(await rows.execute(), size, ({ sequence }) => sequence, toAllocation);
  }

  private rows() {
    return this.tables
      .selectFrom('sandbox_hcm.labor_allocation as allocation')
      .leftJoin('sandbox_hcm.labor_allocation as reversal', 'reversal.reverses', 'allocation.sequence')
      .selectAll('allocation')
      .select('reversal.sequence as reversed_by');
  }
}

const sequenceOrNull = (id: string | undefined): number | null => (id === undefined ? null : (sequenceOf(id) ?? null));

function toAllocation(row: Row): LaborAllocation {
  const number = documentNumber(row.sequence);
  return {
    id: number,
    number,
    status: row.reversed_by === null ? 'booked' : 'reversed',
    reference: row.reference,
    facility: row.facility,
    date: row.date,
    lines: row.lines,
    cost: money(row.cost, row.currency),
    reverses: row.reverses === null ? undefined : documentNumber(row.reverses),
    reversedBy: row.reversed_by === null ? undefined : documentNumber(row.reversed_by),
    bookedAt: row.booked_at.toISOString(),
  };
}
