/**
 * Internal shipments of Tryton. One is drafted under a digest of our business key, looked for again, and only then done:
 * of a call whose reply was lost at most a draft is left over, and the repetition goes on with it.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage, type ChangesQuery, type Page } from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { Once, Turns } from '@concord/resilience';
import { changedSince, markOf, toWireDay, type Domain, type TrytonRecords, type WireDecimal } from '@concord/tryton';
import type { PlacesCache } from './places.js';
import {
  MOVE_FIELDS,
  SHIPMENT_FIELDS,
  toReference,
  wordsOf,
  type Told,
  type WireMove,
  type WireShipment,
  type Words,
} from './shipment.mapping.js';

const SHIPMENT = 'stock.shipment.internal';

/** What a shipment carries from where to where. */
export interface Load {
  readonly words: Words;
  readonly from: number;
  readonly to: number;
  readonly moves: readonly object[];
  /** Whether only what lies there is taken; where it does not, what the caller is told. */
  readonly onlyWhatIsThere?: () => Promise<Problem>;
}

export class TrytonShipments {
  /** By the mark of the business key. */
  private readonly once = new Once();
  /** By the mark, or by the shipment that is reversed. */
  private readonly turns: Turns;

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly clock: Clock,
    database?: Database,
  ) {
    this.turns = new Turns('tryton stock', database);
  }

  /** The shipment of a business key: the one there is, or a new one. */
  send(businessKey: string, loadOf: () => Promise<Load>): Promise<Told> {
    const mark = markOf(businessKey);
    const work = async () =>
      this.told(await this.settle(await this.withMark(mark), mark, loadOf, () => this.withMark(mark)));
    return this.once.run(mark, () => this.turns.take([mark], work));
  }

  /**
   * The shipment that takes another one back, at the cost that its moves had.
   * @param conflict what the caller is told where another business key took it back before
   */
  takeBack(
    businessKey: string,
    taken: Told,
    { from, to }: Pick<Load, 'from' | 'to'>,
    conflict: (reversedBy: string) => Problem,
  ): Promise<Told> {
    const id = String(taken.shipment.id);
    const mark = markOf(`reversal of ${id}: ${businessKey}`);
    const work = async () => {
      const { reference, reason } = taken.words;
      const loadOf = async (): Promise<Load> => {
        const words = { reference, reason, reverses: id };
        return { words, from, to, moves: await this.returned(taken.moves, from, to) };
      };
      const back = await this.settle(await this.reversalsOf([id]), mark, loadOf, () => this.reversalsOf([id]));
      if (wordsOf(back)?.mark !== mark) throw conflict(String(back.id));
      return this.told(back);
    };
    return this.once.run(mark, () => this.turns.take([id], work));
  }

  /** One that is done, and of those asked for; undefined where there is none. */
  async find(id: string, asked: Domain): Promise<Told | undefined> {
    const found = /^[1-9][0-9]{0,9}$/.test(id) ? await this.shipments([['id', '=', Number(id)], ...asked], 1) : [];
    return found[0] && this.told(found[0]);
  }

  /** Those that are done, in the order they came into Tryton. */
  async list(
    asked: Domain,
    { changed_since, page_token, page_size = DEFAULT_PAGE_SIZE }: ChangesQuery,
  ): Promise<Page<Told>> {
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const since = changed_since ? [await this.movedSince(changed_since)] : [];
    const found = await this.shipments([['id', '>', after], ...asked, ...since], page_size + 1);
    const page = toPage(
      found,
      page_size,
      ({ id }) => id,
      (shipment) => shipment,
    );
    return { ...page, items: await this.toldOf(page.items) };
  }

  /** Booked since, or reversed since. */
  private async movedSince(since: string): Promise<readonly unknown[]> {
    const reversals = await this.tryton.all<Pick<WireShipment, 'reference'>>(
      SHIPMENT,
      [...OURS, ['reference', 'like', '% reverses %'], changedSince(since)],
      ['reference'],
    );
    const reversed = reversals.flatMap((reversal) => wordsOf(reversal)?.reverses ?? []);
    return ['OR', changedSince(since), ['id', 'in', reversed.map(Number)]];
  }

  /** The shipment that stands: one that is done, else a draft with our mark, else a new one. */
  private async settle(
    known: readonly WireShipment[],
    mark: string,
    loadOf: () => Promise<Load>,
    rivalsNow: () => Promise<readonly WireShipment[]>,
  ): Promise<WireShipment> {
    const done = known.find(({ state }) => state === 'done');
    if (done) return done;
    const load = await loadOf();
    const draft = known.find((one) => wordsOf(one)?.mark === mark)?.id ?? (await this.draft(mark, load));
    const rivals = await rivalsNow();
    const winner = rivals.find(({ state }) => state === 'done') ?? rivals.find(({ id }) => id === draft);
    if (!winner) throw notThere();
    for (const { id } of rivals.filter(({ id, state }) => id !== winner.id && state === 'draft')) {
      await this.press('cancel', id);
    }
    return winner.state === 'done' ? winner : this.finish(winner, load);
  }

  private async draft(mark: string, { words, from, to, moves }: Load): Promise<number> {
    const { company } = await this.places.get();
    const day = toWireDay(this.clock().toISOString().slice(0, 10));
    const values = {
      company,
      from_location: from,
      to_location: to,
      reference: toReference(words, mark),
      planned_date: day,
      planned_start_date: day,
      moves: [['create', moves]],
    };
    const [id] = await this.tryton.create(SHIPMENT, [values], { company });
    if (id === undefined) throw notThere();
    return id;
  }

  /** Whatever its state, on to done. By force, unless only what lies there may be taken. */
  private async finish({ id, state }: WireShipment, { onlyWhatIsThere }: Load): Promise<WireShipment> {
    if (state === 'draft') await this.press('wait', id);
    if (state !== 'assigned') await this.assign(id, onlyWhatIsThere);
    await this.press('done', id);
    const [shipment] = await this.shipments([['id', '=', id]], 1);
    if (shipment?.state !== 'done') throw notThere();
    return shipment;
  }

  private async assign(id: number, onlyWhatIsThere?: () => Promise<Problem>): Promise<void> {
    if (!onlyWhatIsThere) return this.press('assign_force', id);
    const { company } = await this.places.get();
    const isThere = await this.tryton.client.effect<boolean>(`model.${SHIPMENT}.assign_try`, [[id]], { company });
    if (isThere) return;
    const problem = await onlyWhatIsThere();
    await this.press('cancel', id);
    throw problem;
  }

  private async press(button: string, id: number): Promise<void> {
    const { company } = await this.places.get();
    await this.tryton.press(SHIPMENT, button, [id], { company });
  }

  /** The same moves the other way, at the cost that they had. */
  private async returned(taken: readonly WireMove[], from: number, to: number): Promise<object[]> {
    const { company } = await this.places.get();
    const ids = taken.map(({ id }) => id);
    const there = await this.tryton.all<{
      product: number;
      uom: number;
      quantity: number;
      lot: number | null;
      cost_price: WireDecimal | null;
    }>('stock.move', [['id', 'in', ids]], ['product', 'uom', 'quantity', 'lot', 'cost_price']);
    return there.map(({ id: _, ...move }) => ({ ...move, company, from_location: from, to_location: to }));
  }

  private withMark(mark: string): Promise<WireShipment[]> {
    return this.shipments(
      [
        ['reference', 'like', `% #${mark}`],
        ['state', '!=', 'cancelled'],
      ],
      100,
    );
  }

  private reversalsOf(ids: readonly string[]): Promise<WireShipment[]> {
    const any = ids.map((id) => ['reference', 'like', `% reverses ${id} #%`]);
    return this.shipments(
      [
        ['OR', ...any],
        ['state', '!=', 'cancelled'],
      ],
      1000,
    );
  }

  private shipments(domain: Domain, limit: number): Promise<WireShipment[]> {
    return this.tryton.find<WireShipment>(SHIPMENT, domain, SHIPMENT_FIELDS, { limit });
  }

  private movesOf(ids: readonly number[]): Promise<WireMove[]> {
    const shipments = ids.map((id) => `${SHIPMENT},${id}`);
    return this.tryton.all<WireMove>('stock.move', [['shipment', 'in', shipments]], MOVE_FIELDS);
  }

  private async told(shipment: WireShipment): Promise<Told> {
    const [told] = await this.toldOf([shipment]);
    if (!told) throw notThere();
    return told;
  }

  private async toldOf(shipments: readonly WireShipment[]): Promise<Told[]> {
    if (!shipments.length) return [];
    const ids = shipments.map(({ id }) => id);
    const [moves, reversals, { currency }] = await Promise.all([
      this.movesOf(ids),
      this.reversalsOf(ids.map(String)),
      this.places.get(),
    ]);
    const done = reversals.filter(({ state }) => state === 'done');
    const reversedBy = new Map(done.map((one) => [wordsOf(one)?.reverses, one]));
    return shipments.flatMap((shipment) => {
      const words = wordsOf(shipment);
      if (!words) return [];
      const own = moves.filter((move) => move.shipment === `${SHIPMENT},${shipment.id}`);
      return { shipment, words, moves: own, currency: currency.code, reversal: reversedBy.get(String(shipment.id)) };
    });
  }
}

/** What Concord booked; shipments of others are left alone. */
export const OURS: Domain = [
  ['state', '=', 'done'],
  ['reference', 'like', `% #${'_'.repeat(32)}`],
];

const notThere = (): Problem => new Problem('upstream-unavailable', 'Tryton did not keep what it took');
