import { Problem } from '@concord/canonical';
import type { JournalEntry, NewJournalEntry, NewReversal, Page, PostingStatus } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { Journal } from '../../ports/journal.port.js';
import type { DocumentJournal } from '../journal-cost-allocations.js';
import type { JournalEntryQuery, PostingStatusQuery } from '../../queries.js';
import { refuseAlone } from '../posting-rules.js';
import { documentsBehind } from './documents-behind.js';
import { fromJournalLine, toJournalEntry } from './journal.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import type { ODataLedgerStructure } from './odata.structure.js';
import { referenceOf, type MadeOnce } from './made-once.js';

const OTHER_SIDE = { debit: 'credit', credit: 'debit' } as const;

export class ODataJournal extends Journal implements DocumentJournal {
  constructor(
    private readonly records: ODataRecords,
    private readonly structure: ODataLedgerStructure,
    private readonly madeOnce: MadeOnce,
    private readonly clock: Clock,
  ) {
    super();
  }

  override createJournalEntry(businessKey: string, entry: NewJournalEntry): Promise<JournalEntry> {
    return this.post(referenceOf('journal entry', businessKey), entry);
  }

  override async readJournalEntry(id: string): Promise<JournalEntry> {
    return toJournalEntry(await this.records.read('journalEntries', id));
  }

  override listJournalEntries(query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.list(query, []);
  }

  /** OData knows no end of a text: those that hold the words are looked at. */
  listEntriesEnding(words: string, query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.list(query, [['description', 'has', words]]);
  }

  private list(query: JournalEntryQuery, only: readonly Condition[]): Promise<Page<JournalEntry>> {
    const { reference, legal_entity, period } = query;
    const where: Condition[] = [
      ['reference', 'eq', reference],
      ['legalEntity', 'eq', legal_entity],
      ['accountingDate', 'ge', period && `${period}-01`],
      ['accountingDate', 'le', period && lastDayOf(period)],
      ...only,
    ];
    return pageOfRecords(this.records, 'journalEntries', query, where, toJournalEntry);
  }

  override async reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    const entry = await this.readJournalEntry(id);
    refuseAlone(id, await documentsBehind(this.records, entry));
    return this.reverse(businessKey, entry, reversal);
  }

  async takeBack(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    return this.reverse(businessKey, await this.readJournalEntry(id), reversal);
  }

  private async reverse(businessKey: string, entry: JournalEntry, reversal: NewReversal): Promise<JournalEntry> {
    const { id, legalEntity, reference, reverses } = entry;
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const lines = entry.lines.map((line) => ({ ...line, side: OTHER_SIDE[line.side] }));
    const { reason: description, accountingDate = this.clock().toISOString().slice(0, 10) } = reversal;
    const swapped = { legalEntity, accountingDate, reference, description, lines };
    return this.post(referenceOf(`reversal of ${id}`, businessKey), swapped, id);
  }

  override async readPostingStatus(id: string): Promise<PostingStatus> {
    return postingStatusOf(await this.readJournalEntry(id));
  }

  override async listPostingStatuses(query: PostingStatusQuery): Promise<Page<PostingStatus>> {
    const { items, nextPageToken } = await this.listJournalEntries(query);
    return { items: items.map(postingStatusOf), nextPageToken };
  }

  private async post(businessKey: string, entry: NewJournalEntry, reverses?: string): Promise<JournalEntry> {
    const make = async () => {
      if (reverses) await this.checkReversible(reverses);
      const refusal = await this.structure.refusalOf(entry);
      if (refusal) throw refusal;
      const { lines, ...about } = entry;
      const { currency } = lines[0]!.amount;
      const values = { ...about, status: 'posted', currency, reverses, businessKey };
      return this.records.create('journalEntries', values, lines.map(fromJournalLine));
    };
    const unique = reverses ? [`reversal of ${reverses}`] : [];
    return toJournalEntry(await this.madeOnce.record(this.records, 'journalEntries', businessKey, make, unique));
  }

  private async checkReversible(id: string): Promise<void> {
    const { reversedBy } = await this.readJournalEntry(id);
    if (reversedBy)
      throw new Problem('conflict', 'The entry is reversed already', { context: { journalEntry: id, reversedBy } });
  }
}

const lastDayOf = (period: string): string => {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
};

const postingStatusOf = ({
  id,
  reference,
  legalEntity,
  status,
  accountingDate,
  postedAt,
  reversedBy,
}: JournalEntry): PostingStatus => ({
  journalEntry: id,
  reference,
  legalEntity,
  status,
  accountingDate,
  period: accountingDate.slice(0, 7),
  postedAt,
  reversedBy,
});
