/** The moves of Tryton that are entries of ours: found, and told as entries with what reversed them. */
import type { JournalEntry } from '@concord/canonical';
import { changedSince, type Domain, type TrytonRecords } from '@concord/tryton';
import { isOurs, markInText, MOVE_FIELDS, reversedId, toEntry, type WireMove } from './journal.mapping.js';
import { notKept } from './not-kept.js';
import type { StructureCache } from './structure.cache.js';
import type { Crosswalk } from './tryton-erp.config.js';

export const MOVE = 'account.move';

/** What Concord posted; text of others is left alone. */
export const OURS: Domain = [
  ['state', '=', 'posted'],
  ['description', 'like', `%] #${'_'.repeat(32)}`],
];

export class JournalMoves {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly accounts: Crosswalk,
  ) {}

  find(domain: Domain, limit: number): Promise<WireMove[]> {
    return this.tryton.find<WireMove>(MOVE, domain, MOVE_FIELDS, { limit });
  }

  /** None or one. */
  posted(id: string): Promise<WireMove[]> {
    if (!/^[1-9][0-9]{0,9}$/.test(id)) return Promise.resolve([]);
    return this.find([['id', '=', Number(id)], ...OURS], 1);
  }

  withMark(mark: string): Promise<WireMove[]> {
    return this.find([['description', 'like', `%${markInText(mark)}`]], 100);
  }

  reversalsOf(id: string): Promise<WireMove[]> {
    return this.find([['origin', '=', `${MOVE},${id}`]], 100);
  }

  /** Posted since, or reversed since: a posted move is never written again, so its reversal tells. */
  async changedSince(instant: string): Promise<Domain> {
    const written = changedSince(instant);
    const reversals = await this.tryton.all<WireMove>(
      MOVE,
      [['origin', 'like', `${MOVE},%`], ['state', '=', 'posted'], written],
      ['origin'],
    );
    const reversed = reversals.flatMap((move) => reversedId(move) ?? []).map(Number);
    return ['OR', written, ['id', 'in', reversed]];
  }

  async read(move: WireMove): Promise<JournalEntry> {
    const [entry] = await this.entries([move]);
    if (!entry) throw notKept();
    return entry;
  }

  /** The entry of a move before anything can have reversed it. */
  async readNew(move: WireMove): Promise<JournalEntry> {
    const [entry] = await this.entriesOf([move], []);
    if (!entry) throw notKept();
    return entry;
  }

  async entries(moves: readonly WireMove[]): Promise<JournalEntry[]> {
    const origins = moves.filter(isOurs).map(({ id }) => `${MOVE},${id}`);
    if (!origins.length) return [];
    const posted = ['state', '=', 'posted'];
    return this.entriesOf(moves, await this.find([['origin', 'in', origins], posted], origins.length * 2));
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
}
