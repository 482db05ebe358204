import type { JournalEntry, NewJournalEntry, NewReversal, Page, PostingStatus } from '@concord/canonical';
import type { JournalEntryQuery, PostingStatusQuery } from '../queries.js';

/** The journal: what is posted is never changed, only reversed. */
export abstract class Journal {
  /**
   * Posts an entry to the books. The same business key again returns the first entry, also when its period has been
   * closed since. Throws `unknown-code` for a legal entity, account or cost center that is not known, or a cost center of
   * another legal entity; `validation-failed` for fewer than two lines, or an amount that is not positive, not in whole
   * cents or not in the currency of the books; `journal-unbalanced`; `period-closed`.
   */
  abstract createJournalEntry(businessKey: string, entry: NewJournalEntry): Promise<JournalEntry>;

  /** Throws `not-found`. */
  abstract readJournalEntry(id: string): Promise<JournalEntry>;

  /** In the order of posting. */
  abstract listJournalEntries(query: JournalEntryQuery): Promise<Page<JournalEntry>>;

  /**
   * Posts the same lines with the sides swapped, and answers with that new entry. The same business key again returns the
   * first reversal. Throws `not-found`; `conflict` for an entry that is reversed already (its context names the
   * reversal), that is a reversal itself, or that a document posted, such as a goods receipt, a supplier invoice, a cost
   * allocation or an intercompany transaction (its context names that): it is the document that is reversed;
   * `period-closed` for the accounting date of the reversal.
   */
  abstract reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry>;

  /** Throws `not-found`. */
  abstract readPostingStatus(id: string): Promise<PostingStatus>;

  /** Of every entry of a business document, in the order of posting. */
  abstract listPostingStatuses(query: PostingStatusQuery): Promise<Page<PostingStatus>>;
}
