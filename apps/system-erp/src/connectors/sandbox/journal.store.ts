/**
 * The journal. Entries that arrive while others are being written are posted together, in one statement and one commit.
 * An entry keeps its lines in canonical shape in one column, so that it is written and read whole, and so that Postgres
 * checks its balance where it is stored.
 */
import { DEFAULT_PAGE_SIZE, money, pagePosition, Problem, toPage } from '@concord/canonical';
import type { JournalEntry, JournalLine, Page } from '@concord/canonical';
import { GroupCommit, rowsOf, type Database } from '@concord/database';
import { sql } from 'kysely';
import type { JournalEntryQuery } from '../../queries.js';
import { monthOf } from './fiscal-calendar.js';

/** An entry as it enters the journal; what it is called there, the journal decides. */
export interface Posting extends Omit<JournalEntry, 'id' | 'number' | 'status' | 'reversedBy' | 'changedAt'> {
  readonly businessKey: string;
}

type Row = {
  position: number;
  number: string;
  business_key: string;
  legal_entity: string;
  accounting_date: string;
  reference: string;
  description: string;
  currency: string;
  total: string;
  lines: JournalLine[];
  reverses: string | null;
  posted_at: Date;
};

type Tables = { 'sandbox_erp.journal_entry': Row };

const POSTING = {
  businessKey: 'text',
  legalEntity: 'text',
  accountingDate: 'date',
  reference: 'text',
  description: 'text',
  total: 'json',
  lines: 'jsonb',
  reverses: 'text',
  postedAt: 'timestamptz',
} as const;

const ENTRIES_A_STATEMENT = 100;
const ENTRIES_WAITING = 5000;
const RETRY_AFTER_S = 1;

export class JournalStore {
  private readonly db;
  private readonly group: GroupCommit<Posting, string | undefined>;

  constructor(database: Database) {
    this.db = database.$extendTables<Tables>();
    this.group = new GroupCommit((postings) => this.write(postings, database), {
      group: ENTRIES_A_STATEMENT,
      waiting: ENTRIES_WAITING,
      refuse: () => new Problem('rate-limited', 'The journal is behind', { retryAfter: RETRY_AFTER_S }),
    });
  }

  /**
   * Posts an entry and gives its number. Undefined where the journal knows its business key, or a reversal of the entry
   * that it reverses, or where its period was closed: then nothing is posted.
   * @param within the transaction that it belongs to; without one it is committed together with its neighbours
   */
  async post(posting: Posting, within?: Database): Promise<string | undefined> {
    if (!within) return this.group.add(posting);
    const [number] = await this.write([posting], within);
    return number;
  }

  async read(number: string): Promise<JournalEntry | undefined> {
    const row = await this.entries().where('entry.number', '=', number).executeTakeFirst();
    return row && toEntry(row);
  }

  async readByBusinessKey(businessKey: string, within?: Database): Promise<JournalEntry | undefined> {
    const row = await this.entries(within).where('entry.business_key', '=', businessKey).executeTakeFirst();
    return row && toEntry(row);
  }

  async businessKeyOf(number: string): Promise<string | undefined> {
    const row = await this.entries().where('entry.number', '=', number).executeTakeFirst();
    return row?.business_key;
  }

  /** In the order of posting. */
  async list(query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    const { reference, legal_entity, period, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    let entries = this.entries().where('entry.position', '>', after);
    if (reference) entries = entries.where('entry.reference', '=', reference);
    if (legal_entity) entries = entries.where('entry.legal_entity', '=', legal_entity);
    if (period) {
      const { startsOn, endsOn } = monthOf(period);
      entries = entries.where((is) => is.between('entry.accounting_date', startsOn, endsOn));
    }
    if (changed_since) {
      const since = new Date(changed_since);
      entries = entries.where((is) =>
        is.or([is('entry.posted_at', '>=', since), is('reversal.posted_at', '>=', since)]),
      );
    }
    const rows = await entries
      .orderBy('entry.position')
      .limit(page_size + 1)
      .execute();
    return toPage(rows, page_size, (row) => row.position, toEntry);
  }

  /** What was debited and credited to an account of a cost center in a range of days, both included. */
  async turnover(costCenter: string, account: string, from: string, to: string) {
    const line = JSON.stringify([{ account, costCenter }]);
    const { rows } = await sql<{ debits: string; credits: string }>`
      select coalesce(sum(amount) filter (where side = 'debit'), 0) as debits,
        coalesce(sum(amount) filter (where side = 'credit'), 0) as credits
      from (
        select line ->> 'side' as side, (line #>> '{amount,amount}')::numeric as amount
        from sandbox_erp.journal_entry, jsonb_array_elements(lines) as line
        where accounting_date between ${from} and ${to} and lines @> ${line}::jsonb
          and line ->> 'account' = ${account} and line ->> 'costCenter' = ${costCenter}) as spent`.execute(this.db);
    return rows[0]!;
  }

  private entries(within?: Database) {
    return (within ? within.$extendTables<Tables>() : this.db)
      .selectFrom('sandbox_erp.journal_entry as entry')
      .leftJoin('sandbox_erp.journal_entry as reversal', 'reversal.reverses', 'entry.number')
      .selectAll('entry')
      .select(['reversal.number as reversed_by', 'reversal.posted_at as reversed_at']);
  }

  /** One statement for all. Of two with the same business key the first is posted. */
  private async write(postings: readonly Posting[], db: Database): Promise<(string | undefined)[]> {
    const { rows } = await sql<{ business_key: string; number: string }>`
      insert into sandbox_erp.journal_entry (business_key, legal_entity, accounting_date, reference, description,
        currency, total, lines, reverses, posted_at)
      select "businessKey", "legalEntity", "accountingDate", reference, description,
        total ->> 'currency', (total ->> 'amount')::numeric, lines, reverses, "postedAt"
      from ${rowsOf(POSTING, postings)} as posting
      where not exists (select from sandbox_erp.fiscal_period_override as period
        where period.legal_entity = posting."legalEntity" and period.status = 'closed'
          and period.code = to_char(posting."accountingDate", 'YYYY-MM'))
      on conflict do nothing
      returning business_key, number`.execute(db);
    const numbers = new Map(rows.map(({ business_key, number }) => [business_key, number]));
    return postings.map(({ businessKey }) => taken(numbers, businessKey));
  }
}

/** A number is given once, so that a second posting with the same business key goes without. */
function taken(numbers: Map<string, string>, businessKey: string): string | undefined {
  const number = numbers.get(businessKey);
  numbers.delete(businessKey);
  return number;
}

function toEntry(row: Row & { reversed_by: string | null; reversed_at: Date | null }): JournalEntry {
  return {
    id: row.number,
    number: row.number,
    status: row.reversed_by ? 'reversed' : 'posted',
    legalEntity: row.legal_entity,
    accountingDate: row.accounting_date,
    reference: row.reference,
    description: row.description,
    lines: row.lines,
    total: money(row.total, row.currency),
    reverses: row.reverses ?? undefined,
    reversedBy: row.reversed_by ?? undefined,
    postedAt: row.posted_at.toISOString(),
    changedAt: (row.reversed_at ?? row.posted_at).toISOString(),
  };
}
