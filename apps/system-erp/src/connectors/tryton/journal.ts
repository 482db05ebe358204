/**
 * The journal in Tryton. Tryton has no idempotency key, so an entry is written as a draft that carries a digest of ours,
 * looked for again, and only then posted: of a call whose reply was lost, or that Tryton still works on after we gave
 * up, at most a draft is left over, and the repetition finds it and goes on with it.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type { JournalEntry, NewJournalEntry, NewReversal, Page, PostingStatus } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { Once, Turns } from '@concord/resilience';
import { literally, markOf, toWireDay, type Domain, type TrytonRecords } from '@concord/tryton';
import { Journal } from '../../ports/journal.port.js';
import type { JournalEntryQuery, PostingStatusQuery } from '../../queries.js';
import type { DocumentJournal } from '../journal-cost-allocations.js';
import { refuseAlone } from '../posting-rules.js';
import { documentsBehind } from './documents-behind.js';
import { markInText, referenceInText } from './journal.mapping.js';
import { JournalMoves, OURS } from './journal.moves.js';
import { hasMark, JournalPosting } from './journal.posting.js';
import type { StructureCache } from './structure.cache.js';
import type { Crosswalk } from './tryton-erp.config.js';

const OTHER_SIDE = { debit: 'credit', credit: 'debit' } as const;

export class TrytonJournal extends Journal implements DocumentJournal {
  /** By the mark of the business key. */
  private readonly once = new Once();
  /** By the entry that is reversed. */
  private readonly turns = new Turns('tryton journal');

  private readonly moves: JournalMoves;
  private readonly posting: JournalPosting;

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    accounts: Crosswalk,
    private readonly clock: Clock,
  ) {
    super();
    this.moves = new JournalMoves(tryton, structure, accounts);
    this.posting = new JournalPosting(tryton, structure, this.moves);
  }

  override createJournalEntry(businessKey: string, entry: NewJournalEntry): Promise<JournalEntry> {
    const mark = markOf(businessKey);
    return this.once.run(mark, async () => {
      const known = await this.moves.withMark(mark);
      const move = await this.posting.settle(known, mark, entry);
      return known.includes(move) ? this.moves.read(move) : this.moves.readNew(move);
    });
  }

  /** Tryton itself would take the entry of an invoice back and leave the invoice as it is. */
  override async reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    const [move] = await this.moves.posted(id);
    if (move) {
      const { modules } = await this.structure.get();
      refuseAlone(id, await documentsBehind(this.tryton, modules, move, await this.moves.readNew(move)));
    }
    return this.takeBack(businessKey, id, reversal);
  }

  takeBack(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    const mark = markOf(`reversal of ${id}: ${businessKey}`);
    return this.once.run(mark, () => this.turns.take([id], () => this.reverseNow(mark, id, reversal)));
  }

  override async readJournalEntry(id: string): Promise<JournalEntry> {
    const [entry] = await this.moves.entries(await this.moves.posted(id));
    if (!entry) throw new Problem('not-found', 'There is no such journal entry');
    return entry;
  }

  /** Entries that Concord posted, in the order they came into Tryton. */
  override listJournalEntries(query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.list(query, []);
  }

  listEntriesEnding(words: string, query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.list(query, [['description', 'like', `%${literally(words)} [%`]]);
  }

  private async list(query: JournalEntryQuery, only: Domain): Promise<Page<JournalEntry>> {
    const { reference, legal_entity, period, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const { books } = await this.structure.get();
    const companies = [...books.values()].filter(({ entity }) => !legal_entity || entity.code === legal_entity);
    const domain: unknown[] = [
      ['id', '>', after],
      ...OURS,
      ['company', 'in', companies.map(({ company }) => company)],
      ...only,
    ];
    if (reference) domain.push(['description', 'like', `%${literally(referenceInText(reference))}%`]);
    if (period) {
      const { startsOn, endsOn } = monthOf(period);
      domain.push(['date', '>=', toWireDay(startsOn)], ['date', '<=', toWireDay(endsOn)]);
    }
    if (changed_since) domain.push(await this.moves.changedSince(changed_since));
    const moves = await this.moves.find(domain, page_size + 1);
    const page = toPage(
      moves,
      page_size,
      ({ id }) => id,
      (move) => move,
    );
    return { ...page, items: await this.moves.entries(page.items) };
  }

  /** An entry of ours is never shown as a draft: one that was not posted is gone on with, or removed. */
  override async readPostingStatus(id: string): Promise<PostingStatus> {
    return postingStatusOf(await this.readJournalEntry(id));
  }

  override async listPostingStatuses(query: PostingStatusQuery): Promise<Page<PostingStatus>> {
    const { items, nextPageToken } = await this.listJournalEntries(query);
    return { items: items.map(postingStatusOf), nextPageToken };
  }

  /** Refuses what could not be posted, before something else is done that the entry is to tell of. */
  async check(entry: NewJournalEntry): Promise<void> {
    await this.posting.booksFor(entry);
  }

  /** Entries that were posted under these business keys, by the key. */
  async postedUnder(businessKeys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (!businessKeys.length) return new Map();
    const marks = businessKeys.map((key) => ['description', 'like', `%${markInText(markOf(key))}`]);
    const moves = await this.moves.find(
      [
        ['state', '=', 'posted'],
        ['OR', ...marks],
      ],
      businessKeys.length,
    );
    return new Map(
      businessKeys.flatMap((key) => {
        const move = moves.find((one) => hasMark(one, markOf(key)));
        return move ? [[key, String(move.id)] as const] : [];
      }),
    );
  }

  private async reverseNow(mark: string, id: string, { reason, accountingDate }: NewReversal): Promise<JournalEntry> {
    const [posted] = await this.moves.posted(id);
    if (!posted) throw new Problem('not-found', 'There is no such journal entry');
    const { legalEntity, reference, lines, reverses } = await this.moves.readNew(posted);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const swapped: NewJournalEntry = {
      legalEntity,
      reference,
      accountingDate: accountingDate ?? this.clock().toISOString().slice(0, 10),
      description: reason,
      lines: lines.map((line) => ({ ...line, side: OTHER_SIDE[line.side] })),
    };
    const known = await this.moves.reversalsOf(id);
    const reversal = await this.posting.settle(known, mark, swapped, id);
    if (hasMark(reversal, mark))
      return known.includes(reversal) ? this.moves.read(reversal) : this.moves.readNew(reversal);
    const context = { journalEntry: id, reversedBy: String(reversal.id) };
    throw new Problem('conflict', 'The entry is reversed already', { context });
  }
}

const postingStatusOf = ({
  id: journalEntry,
  reference,
  legalEntity,
  status,
  accountingDate,
  postedAt,
  reversedBy,
}: JournalEntry): PostingStatus => ({
  journalEntry,
  reference,
  legalEntity,
  status,
  accountingDate,
  period: accountingDate.slice(0, 7),
  postedAt,
  reversedBy,
});

/** First and last day of a period code, `2026-11`. */
function monthOf(period: string): { startsOn: string; endsOn: string } {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return { startsOn: `${period}-01`, endsOn: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}
