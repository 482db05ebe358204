import {
  DEFAULT_PAGE_SIZE,
  money,
  Problem,
  toPage,
  total,
  type LaborAllocation,
  type NewLaborAllocation,
  type Page,
} from '@concord/canonical';
import { GroupCommit, rowsOf, type Database } from '@concord/database';
import { sql, type Selectable } from 'kysely';
import { documentNumber, sequenceOf } from '../../document-number.js';
import { startOfSequence } from '../../page-start.js';
import type { LaborAllocationQuery } from '../../queries.js';
import type { LaborTables } from './tables.js';

type Row = Selectable<LaborTables['labor_allocation']> & {
  reversed_by: number | null;
  reversed_at: Date | null;
};

type Booking = Omit<Row, 'sequence' | 'reversed_by' | 'reversed_at'>;

/** One key may book an allocation and its reversal. */
const nameOf = ({ business_key, reverses }: Pick<Row, 'business_key' | 'reverses'>): string =>
  `${business_key} ${reverses ?? ''}`;

const BOOKING = {
  business_key: 'text',
  reference: 'text',
  facility: 'text',
  date: 'date',
  lines: 'jsonb',
  cost: 'numeric',
  currency: 'text',
  reverses: 'bigint',
  reason: 'text',
  booked_at: 'timestamptz',
} as const;

const ALLOCATIONS_A_STATEMENT = 100;
const ALLOCATIONS_WAITING = 5000;

/** What makes an allocation a reversal. */
interface Reversal {
  readonly reverses: string;
  readonly reason: string;
}

/** Allocations that were booked. Whether one is reversed is told by the row that reverses it. */
export class LaborAllocationStore {
  private readonly tables;
  private readonly group: GroupCommit<Booking, Row | undefined>;

  constructor(
    database: Database,
    private readonly schema: string,
  ) {
    this.tables = database.$extendTables<LaborTables>().withSchema(schema);
    this.group = new GroupCommit((bookings) => this.write(bookings), {
      group: ALLOCATIONS_A_STATEMENT,
      waiting: ALLOCATIONS_WAITING,
      refuse: () => new Problem('rate-limited', 'Too many allocations wait to be booked', { retryAfter: 1 }),
    });
  }

  /** Undefined where the business key, or a reversal of the same allocation, is there already. */
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
    const row = await this.group.add({
      business_key: businessKey,
      reference,
      facility,
      date,
      lines,
      cost: cost.amount,
      currency: cost.currency,
      reverses: sequenceOrNull(reversal?.reverses),
      reason: reversal?.reason ?? null,
      booked_at: bookedAt,
    });
    return row && toAllocation(row);
  }

  /** Allocations that arrive while others are being written are booked together, in one statement. */
  private async write(bookings: readonly Booking[]): Promise<(Row | undefined)[]> {
    const { rows } = await sql<Omit<Row, 'reversed_by' | 'reversed_at'>>`
      insert into ${sql.table(`${this.schema}.labor_allocation`)} (business_key, reference, facility, date, lines, cost, currency, reverses,
        reason, booked_at)
      select business_key, reference, facility, date, lines, cost, currency, reverses, reason, booked_at
      from ${rowsOf(BOOKING, bookings)} as booking
      on conflict do nothing
      returning *`.execute(this.tables);
    const booked = new Map(rows.map((row) => [nameOf(row), { ...row, reversed_by: null, reversed_at: null }]));
    return bookings.map((booking) => {
      const row = booked.get(nameOf(booking));
      booked.delete(nameOf(booking)); // of two with the same name, one booked it
      return row;
    });
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

  async list({
    reference,
    changed_since,
    page_size,
    page_token,
  }: LaborAllocationQuery): Promise<Page<LaborAllocation>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    let rows = this.rows()
      .orderBy('allocation.sequence')
      .limit(size + 1);
    const after = startOfSequence(page_token);
    if (after) rows = rows.where('allocation.sequence', '>', after);
    if (reference) rows = rows.where('allocation.reference', '=', reference);
    if (changed_since) rows = rows.where('allocation.sequence', 'in', this.changedSince(changed_since));
    return toPage(await rows.execute(), size, ({ sequence }) => sequence, toAllocation);
  }

  /** What was booked since, and what was reversed since. */
  private changedSince(since: string) {
    return sql<number>`(
      select unnest(array[sequence, reverses]) from ${sql.table(`${this.schema}.labor_allocation`)}
      where booked_at >= ${since}::timestamptz)`;
  }

  private rows() {
    return this.tables
      .selectFrom('labor_allocation as allocation')
      .leftJoin('labor_allocation as reversal', 'reversal.reverses', 'allocation.sequence')
      .selectAll('allocation')
      .select(['reversal.sequence as reversed_by', 'reversal.booked_at as reversed_at']);
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
    changedAt: (row.reversed_at ?? row.booked_at).toISOString(),
  };
}
