/** When something came to a location of Tryton or left it last. */
import { changedAtOf, changedSince, type Domain, type Stamped, type TrytonRecords } from '@concord/tryton';

type WireMove = Omit<Stamped, '_timestamp'> & { readonly product: number; readonly lot: number | null };

const MOVES_A_CALL = 500;

/**
 * The newest moment by product, or by lot, of those that moved at the location.
 * @param among only these; all of them where nothing is said
 * @param since only what moved then or later
 */
export async function lastMoves(
  tryton: TrytonRecords,
  location: number,
  by: 'product' | 'lot',
  { among, since }: { readonly among?: readonly number[] | undefined; readonly since?: string | undefined },
): Promise<ReadonlyMap<number, string>> {
  const last = new Map<number, string>();
  if (among?.length === 0) return last;
  const asked: Domain = [
    ['state', '=', 'done'],
    ['OR', ['from_location', '=', location], ['to_location', '=', location]],
    among ? [by, 'in', among] : [by, '!=', null],
    ...(since === undefined ? [] : [changedSince(since)]),
  ];
  const newestFirst = [
    ['write_date', 'DESC'],
    ['id', 'DESC'],
  ] as const;
  // What was seen is not asked for again, so that however much one of them moves, each call finds another one.
  for (;;) {
    const unseen = last.size ? [...asked, [by, 'not in', [...last.keys()]]] : asked;
    const moves = await tryton.find<WireMove>('stock.move', unseen, [by, 'create_date', 'write_date'], {
      limit: MOVES_A_CALL,
      order: newestFirst,
    });
    for (const move of moves) if (!last.has(move[by]!)) last.set(move[by]!, changedAtOf(move));
    if (moves.length < MOVES_A_CALL) return last;
  }
}
