/**
 * How an entry comes into Tryton once: as a draft that carries our mark, looked for again, and only then posted. What was
 * left over of a call whose reply was lost is removed.
 */
import { asProblem, Problem, type NewJournalEntry } from '@concord/canonical';
import { TrytonRefusal, type TrytonRecords } from '@concord/tryton';
import type { Books } from './books.js';
import { markInText, toMove, type WireMove } from './journal.mapping.js';
import { MOVE, type JournalMoves } from './journal.moves.js';
import { notKept } from './not-kept.js';
import { refusalOf } from './posting-rules.js';
import type { StructureCache } from './structure.cache.js';

export class JournalPosting {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly moves: JournalMoves,
  ) {}

  /**
   * The move that stands: one that is posted, else a draft with our mark, else a new one. Drafts are posted only when
   * nothing came between; what was left over is removed.
   */
  async settle(known: readonly WireMove[], mark: string, entry: NewJournalEntry, reverses?: string): Promise<WireMove> {
    const posted = known.find(({ state }) => state === 'posted');
    if (posted) return posted;
    const books = await this.booksFor(entry);
    const draft = known.find((move) => hasMark(move, mark))?.id ?? (await this.draft(mark, entry, books, reverses));
    const rivals = reverses ? await this.moves.reversalsOf(reverses) : await this.moves.withMark(mark);
    const winner = rivals.find(({ state }) => state === 'posted') ?? rivals.find(({ id }) => id === draft);
    if (!winner) throw notKept();
    const leftOver = rivals.filter((move) => move.state === 'draft' && move.id !== winner.id);
    if (leftOver.length) await this.remove(leftOver);
    return winner.state === 'posted' ? winner : this.postDraft(winner, entry, books);
  }

  /** The books of an entry that they would take; looks again in Tryton before it refuses. */
  async booksFor(entry: NewJournalEntry): Promise<Books> {
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
    const [move] = await this.moves.find([['id', '=', draft.id]], 1);
    if (move?.state === 'posted') return move;
    if (refusal instanceof TrytonRefusal) {
      await this.remove([draft]);
      return this.explain(refusal, entry);
    }
    throw refusal === undefined ? notKept() : asProblem(refusal);
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

  /** Drafts only: Tryton does not let go of what is posted. */
  private async remove(drafts: readonly WireMove[]): Promise<void> {
    await this.tryton.remove(
      MOVE,
      drafts.map(({ id }) => id),
      { company: drafts[0]?.company },
    );
  }
}

/** Refusals that the books might not give any more, were they read again. */
const OF_BOOKS: ReadonlySet<string> = new Set(['unknown-code', 'period-closed']);

const inBooks = ({ company }: Books) => ({ company });

export const hasMark = ({ description }: WireMove, mark: string): boolean => !!description?.endsWith(markInText(mark));

/** The period is open, but the books of our journal in it are not. */
function journalClosed({ legalEntity, accountingDate }: NewJournalEntry): Problem {
  const context = { legalEntity, period: accountingDate.slice(0, 7) };
  return new Problem('period-closed', 'The journal is closed in this period', { context });
}
