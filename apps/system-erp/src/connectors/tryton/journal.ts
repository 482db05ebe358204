/**
 * The journal in Tryton. Tryton has no idempotency key, so an entry is written as a draft that carries a digest of ours,
 * looked for again, and only then posted: of a call whose reply was lost, or that Tryton still works on after we gave
 * up, at most a draft is left over, and the repetition finds it and goes on with it.
 */
import { asProblem, DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type { JournalEntry, NewJournalEntry, NewReversal, Page, PostingStatus } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { Once, Turns } from '@concord/resilience';
import {
  changedSince,
  literally,
  markOf,
  toWireDay,
  TrytonRefusal,
  type Domain,
  type TrytonRecords,
} from '@concord/tryton';
import { Journal } from '../../ports/journal.port.js';
import type { SearchedJournal } from '../journal-cost-allocations.js';
import type { JournalEntryQuery, PostingStatusQuery } from '../../queries.js';
import {
  isOurs,
  markInText,
  MOVE_FIELDS,
  referenceInText,
  reversedId,
  toEntry,
  toMove,
  type WireMove,
} from './journal.mapping.js';
import { notKept } from './not-kept.js';
import { refusalOf } from './posting-rules.js';
import type { Books, StructureCache } from './structure.js';
import type { Crosswalk } from './tryton-erp.config.js';

const MOVE = 'account.move';
const OTHER_SIDE = { debit: 'credit', credit: 'debit' } as const;

export class TrytonJournal extends Journal implements SearchedJournal {
  /** By the mark of the business key. */
  private readonly once = new Once();
  /** By the entry that is reversed. */
  private readonly turns = new Turns('tryton journal');

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly accounts: Crosswalk,
    private readonly clock: Clock,
  ) {
    super();
  }

  override createJournalEntry(businessKey: string, entry: NewJournalEntry): Promise<JournalEntry> {
    const mark = markOf(businessKey);
    return this.once.run(mark, async () => {
      const known = await this.withMark(mark);
      const move = await this.settle(known, mark, entry);
      return known.includes(move) ? this.read(move) : this.readNew(move);
    });
  }

  override reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    const mark = markOf(`reversal of ${id}: ${businessKey}`);
    return this.once.run(mark, () => this.turns.take([id], () => this.reverseNow(mark, id, reversal)));
  }

  override async readJournalEntry(id: string): Promise<JournalEntry> {
    const [entry] = await this.entries(await this.ofId(id));
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
    if (changed_since) domain.push(await this.changedSince(changed_since));
    const moves = await this.moves(domain, page_size + 1);
    const page = toPage(
      moves,
      page_size,
      ({ id }) => id,
      (move) => move,
    );
    return { ...page, items: await this.entries(page.items) };
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
    await this.booksFor(entry);
  }

  /** Entries that were posted under these business keys, by the key. */
  async postedUnder(businessKeys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (!businessKeys.length) return new Map();
    const marks = businessKeys.map((key) => ['description', 'like', `%${markInText(markOf(key))}`]);
    const moves = await this.moves(
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
    const [posted] = await this.ofId(id);
    if (!posted) throw new Problem('not-found', 'There is no such journal entry');
    const { legalEntity, reference, lines, reverses } = await this.readNew(posted);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const swapped: NewJournalEntry = {
      legalEntity,
      reference,
      accountingDate: accountingDate ?? this.clock().toISOString().slice(0, 10),
      description: reason,
      lines: lines.map((line) => ({ ...line, side: OTHER_SIDE[line.side] })),
    };
    const known = await this.reversalsOf(id);
    const reversal = await this.settle(known, mark, swapped, id);
    if (hasMark(reversal, mark)) return known.includes(reversal) ? this.read(reversal) : this.readNew(reversal);
    const context = { journalEntry: id, reversedBy: String(reversal.id) };
    throw new Problem('conflict', 'The entry is reversed already', { context });
  }

  /**
   * The move that stands: one that is posted, else a draft with our mark, else a new one. Drafts are posted only when
   * nothing came between; what was left over is removed.
   */
  private async settle(
    known: readonly WireMove[],
    mark: string,
    entry: NewJournalEntry,
    reverses?: string,
  ): Promise<WireMove> {
    const posted = known.find(({ state }) => state === 'posted');
    if (posted) return posted;
    const books = await this.booksFor(entry);
    const draft = known.find((move) => hasMark(move, mark))?.id ?? (await this.draft(mark, entry, books, reverses));
    const rivals = reverses ? await this.reversalsOf(reverses) : await this.withMark(mark);
    const winner = rivals.find(({ state }) => state === 'posted') ?? rivals.find(({ id }) => id === draft);
    if (!winner) throw notKept();
    const leftOver = rivals.filter((move) => move.state === 'draft' && move.id !== winner.id);
    if (leftOver.length) await this.remove(leftOver);
    return winner.state === 'posted' ? winner : this.postDraft(winner, entry, books);
  }

  private async draft(mark: string, entry: NewJournalEntry, books: Books, reverses?: string): Promise<number> {
    const { journalId } = await this.structure.get();
    const values = toMove(entry, mark, books, journalId, reverses);
    const [id] = await this.tryton.create(MOVE, [values], inBooks(books)).catch((error) => this.explain(error, entry));
    if (id === undefined) throw notKept();
    return id;
  }

  private async postDraft(draft: WireMove, entry: NewJournalEntry, books: Books): Promise<WireMove> {
    const refusal = await this.tryton.press(MOVE, 'post', [draft.id], inBooks(books)).then(
      () => undefined,
      (error: unknown) => error,
    );
    const [move] = await this.moves([['id', '=', draft.id]], 1);
    if (move?.state === 'posted') return move;
    if (refusal instanceof TrytonRefusal) {
      await this.remove([draft]);
      return this.explain(refusal, entry);
    }
    throw refusal === undefined ? notKept() : asProblem(refusal);
  }

  /** The books of an entry that they would take; looks again in Tryton before it refuses. */
  private async booksFor(entry: NewJournalEntry): Promise<Books> {
    const books = await this.structure.books(entry.legalEntity);
    const known = refusalOf(entry, books);
    if (!known) return books;
    if (!OF_BOOKS.has(known.slug)) throw known;
    await this.structure.refresh();
    const anew = await this.structure.books(entry.legalEntity);
    const refusal = refusalOf(entry, anew);
    if (refusal) throw refusal;
    return anew;
  }

  /** A rule of Tryton's said no: in our words where the books changed since we read them, else in Tryton's. */
  private async explain(error: unknown, entry: NewJournalEntry): Promise<never> {
    if (error instanceof TrytonRefusal) {
      await this.structure.refresh();
      const refusal = refusalOf(entry, await this.structure.books(entry.legalEntity));
      if (refusal) throw refusal;
      if (error.rule.includes('closed journal-period')) throw journalClosed(entry);
    }
    throw error;
  }

  private async read(move: WireMove): Promise<JournalEntry> {
    const [entry] = await this.entries([move]);
    if (!entry) throw notKept();
    return entry;
  }

  /** The entry of a move before anything can have reversed it. */
  private async readNew(move: WireMove): Promise<JournalEntry> {
    const [entry] = await this.entriesOf([move], []);
    if (!entry) throw notKept();
    return entry;
  }

  private ofId(id: string): Promise<WireMove[]> {
    if (!/^[1-9][0-9]{0,9}$/.test(id)) return Promise.resolve([]);
    return this.moves([['id', '=', Number(id)], ...OURS], 1);
  }

  private withMark(mark: string): Promise<WireMove[]> {
    return this.moves([['description', 'like', `%${markInText(mark)}`]], 100);
  }

  private reversalsOf(id: string): Promise<WireMove[]> {
    return this.moves([['origin', '=', `${MOVE},${id}`]], 100);
  }

  private moves(domain: Domain, limit: number): Promise<WireMove[]> {
    return this.tryton.find<WireMove>(MOVE, domain, MOVE_FIELDS, { limit });
  }

  /** Drafts only: Tryton does not let go of what is posted. */
  private async remove(drafts: readonly WireMove[]): Promise<void> {
    await this.tryton.remove(
      MOVE,
      drafts.map(({ id }) => id),
      { company: drafts[0]?.company },
    );
  }

  private async entries(moves: readonly WireMove[]): Promise<JournalEntry[]> {
    const origins = moves.filter(isOurs).map(({ id }) => `${MOVE},${id}`);
    if (!origins.length) return [];
    const posted = ['state', '=', 'posted'];
    return this.entriesOf(moves, await this.moves([['origin', 'in', origins], posted], origins.length * 2));
  }

  private async entriesOf(moves: readonly WireMove[], reversals: readonly WireMove[]): Promise<JournalEntry[]> {
    const { books } = await this.structure.get();
    const reversalOf = new Map(reversals.map((move) => [reversedId(move), move]));
    const booksOf = new Map([...books.values()].map((one) => [one.company, one]));
    return moves.filter(isOurs).flatMap((move) => {
      const ledger = booksOf.get(move.company);
      return ledger ? [toEntry(move, ledger, this.accounts.ours, reversalOf.get(String(move.id)))] : [];
    });
  }

  /** Posted since, or reversed since: a posted move is never written again, so its reversal tells. */
  private async changedSince(instant: string): Promise<Domain> {
    const written = changedSince(instant);
    const reversals = await this.tryton.all<WireMove>(
      MOVE,
      [['origin', 'like', `${MOVE},%`], ['state', '=', 'posted'], written],
      ['origin'],
    );
    const reversed = reversals.flatMap((move) => reversedId(move) ?? []).map(Number);
    return ['OR', written, ['id', 'in', reversed]];
  }
}

/** What Concord posted; text of others is left alone. */
const OURS: Domain = [
  ['state', '=', 'posted'],
  ['description', 'like', `%] #${'_'.repeat(32)}`],
];

/** Refusals that the books might not give any more, were they read again. */
const OF_BOOKS: ReadonlySet<string> = new Set(['unknown-code', 'period-closed']);

const inBooks = ({ company }: Books) => ({ company });

const hasMark = ({ description }: WireMove, mark: string): boolean => !!description?.endsWith(markInText(mark));

/** The period is open, but the books of our journal in it are not. */
function journalClosed({ legalEntity, accountingDate }: NewJournalEntry): Problem {
  const context = { legalEntity, period: accountingDate.slice(0, 7) };
  return new Problem('period-closed', 'The journal is closed in this period', { context });
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
