import type { JournalEntry, NewJournalEntry, NewReversal, Page, PostingStatus } from '@concord/canonical';
import { Journal } from '../../ports/journal.port.js';
import type { JournalEntryQuery, PostingStatusQuery } from '../../queries.js';
import { refuseAlone } from '../posting-rules.js';
import type { Books } from './books.js';
import { documentsBehind, type PostingDocuments } from './documents-behind.js';

export class SandboxJournal extends Journal {
  constructor(
    private readonly books: Books,
    private readonly documents: PostingDocuments,
  ) {
    super();
  }

  override createJournalEntry(businessKey: string, entry: NewJournalEntry): Promise<JournalEntry> {
    return this.books.post(businessKey, entry);
  }

  override readJournalEntry(id: string): Promise<JournalEntry> {
    return this.books.find(id);
  }

  override listJournalEntries(query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.books.journal.list(query);
  }

  override async reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    refuseAlone(id, await documentsBehind(this.books, this.documents, id));
    return this.books.reverse(businessKey, id, reversal);
  }

  override async readPostingStatus(id: string): Promise<PostingStatus> {
    return postingStatusOf(await this.books.find(id));
  }

  override async listPostingStatuses(query: PostingStatusQuery): Promise<Page<PostingStatus>> {
    const { items, nextPageToken } = await this.books.journal.list(query);
    return { items: items.map(postingStatusOf), nextPageToken };
  }
}

/** Nothing stays a draft here: what is accepted is posted. */
const postingStatusOf = ({
  id,
  reference,
  legalEntity,
  status,
  accountingDate,
  postedAt,
  reversedBy,
}: JournalEntry) => ({
  journalEntry: id,
  reference,
  legalEntity,
  status,
  accountingDate,
  period: accountingDate.slice(0, 7),
  postedAt,
  reversedBy,
});
