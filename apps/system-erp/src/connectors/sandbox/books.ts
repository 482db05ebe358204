/** The books of the sandbox: what may be posted, and the posting itself. Every port that posts does it here. */
import { minus, money, Problem, type JournalEntry, type NewJournalEntry, type NewReversal } from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { FiscalCalendar } from './fiscal-calendar.js';
import { JournalStore } from './journal.store.js';
import { loadPeriodOverrides, loadStructure, type Structure } from './ledger-structure.store.js';
import { refusalOf, sumOf } from '../posting-rules.js';

const OTHER_SIDE = { debit: 'credit', credit: 'debit' } as const;

export class Books {
  readonly journal: JournalStore;
  structure!: Structure;
  calendar!: FiscalCalendar;

  constructor(
    readonly database: Database,
    readonly clock: Clock,
  ) {
    this.journal = new JournalStore(database);
  }

  /** Reads legal entities, accounts, cost centers and periods. */
  async open(): Promise<void> {
    this.structure = await loadStructure(this.database);
    await this.readPeriods();
  }

  /** Reads again which periods are open: it may have been decided in another process. */
  async readPeriods(within = this.database): Promise<void> {
    this.calendar = new FiscalCalendar(await loadPeriodOverrides(within), this.clock);
  }

  now(): string {
    return this.clock().toISOString();
  }

  /**
   * A refusal is the last word only where the business key was not posted before, and, of a period that is closed, where
   * it still is. The journal itself takes nothing into a period that was closed in another process meanwhile.
   */
  async post(businessKey: string, entry: NewJournalEntry, reverses?: string, within?: Database): Promise<JournalEntry> {
    let refusal = refusalOf(entry, this.structure, this.calendar);
    if (refusal?.slug === 'period-closed') refusal = await this.refusalNow(entry, within);
    if (!refusal) {
      const total = sumOf(entry.lines, 'debit', entry.lines[0]!.amount.currency);
      const posting = { ...entry, reverses, total, postedAt: this.now() };
      const number = await this.journal.post({ ...posting, businessKey }, within);
      if (number) return { ...posting, id: number, number, status: 'posted', changedAt: posting.postedAt };
    }
    const first = await this.journal.readByBusinessKey(businessKey, within);
    if (first) return first;
    throw refusal ?? (await this.refusalNow(entry, within)) ?? (await this.reversedAlready(reverses));
  }

  private async refusalNow(entry: NewJournalEntry, within?: Database): Promise<Problem | undefined> {
    await this.readPeriods(within);
    return refusalOf(entry, this.structure, this.calendar);
  }

  async reverse(businessKey: string, id: string, reversal: NewReversal, within?: Database): Promise<JournalEntry> {
    const entry = await this.find(id);
    const { legalEntity, reference, reverses } = entry;
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const lines = entry.lines.map((line) => ({ ...line, side: OTHER_SIDE[line.side] }));
    const { reason: description, accountingDate = this.calendar.today() } = reversal;
    const swapped = { legalEntity, accountingDate, reference, description, lines };
    return this.post(`reversal of ${id}: ${businessKey}`, swapped, id, within);
  }

  async find(id: string): Promise<JournalEntry> {
    const entry = await this.journal.read(id);
    if (!entry) throw new Problem('not-found', 'There is no such journal entry');
    return entry;
  }

  /** The currency of a legal entity's books. Throws `unknown-code`. */
  currencyOf(legalEntity: string): string {
    const books = this.structure.legalEntities.get(legalEntity);
    if (!books) throw new Problem('unknown-code', 'Legal entity is not known', { context: { legalEntity } });
    return books.currency;
  }

  /** What cost centers have spent on an account in the days of a range: debits less credits. */
  async spent(costCenter: string, account: string, from: string, to: string, currency: string) {
    const { debits, credits } = await this.journal.turnover(costCenter, account, from, to);
    return minus(money(debits, currency), money(credits, currency));
  }

  private async reversedAlready(id = ''): Promise<Problem> {
    const { reversedBy = '' } = await this.find(id);
    return new Problem('conflict', 'The entry is reversed already', { context: { journalEntry: id, reversedBy } });
  }
}
