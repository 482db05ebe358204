import type {
  Account,
  CostCenter,
  FiscalPeriod,
  JournalEntry,
  LegalEntity,
  NewJournalEntry,
  NewReversal,
  Page,
  PageQuery,
} from '@concord/canonical';
import type { CostCenterQuery, FiscalPeriodQuery, JournalEntryQuery } from './queries.js';

/**
 * What Concord asks of an enterprise resource planning platform, in canonical words. Every method may also fail with
 * `upstream-unavailable` or `upstream-timeout`; after either, a write is repeated with the same business key. A business
 * key names one call of one operation: the same key may name a posting and, apart from it, a reversal.
 */
export abstract class ErpConnector {
  /** By code. */
  abstract listLegalEntities(query: PageQuery): Promise<Page<LegalEntity>>;

  /** By code. */
  abstract listCostCenters(query: CostCenterQuery): Promise<Page<CostCenter>>;

  /** The chart of accounts, by number; all legal entities share it. */
  abstract listAccounts(query: PageQuery): Promise<Page<Account>>;

  /** By legal entity and first day. With `date`, the one period of each legal entity that holds the day. */
  abstract listFiscalPeriods(query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>>;

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
   * reversal), or that is a reversal itself; `period-closed` for the accounting date of the reversal.
   */
  abstract reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry>;
}
