/**
 * Stock adjustments in Tryton. A shipment is drafted under a digest of our business key, looked for again, and only then
 * done: of a call whose reply was lost at most a draft is left over, and the repetition goes on with it.
 */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type {
  NewReversal,
  NewStockAdjustment,
  NewStockAdjustmentLine,
  Page,
  StockAdjustment,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { Once, Turns } from '@concord/resilience';
import {
  changedSince,
  literally,
  markOf,
  toWireDay,
  type Domain,
  type TrytonRecords,
  type WireDecimal,
} from '@concord/tryton';
import { Decimal } from 'decimal.js';
import type { StockAdjustmentQuery } from '../../queries.js';
import {
  MOVE_FIELDS,
  SHIPMENT_FIELDS,
  toAdjustment,
  toReference,
  wordsOf,
  type WireMove,
  type WireShipment,
  type Words,
} from './adjustment.mapping.js';
import type { CountedItem, TrytonItems } from './items.js';
import type { PlacesCache } from './places.js';

const SHIPMENT = 'stock.shipment.internal';

/** What a shipment carries from where to where. */
interface Load {
  readonly words: Words;
  readonly from: number;
  readonly to: number;
  readonly moves: readonly object[];
}

export class TrytonAdjustments {
  /** By the mark of the business key. */
  private readonly once = new Once();
  /** By the adjustment that is reversed. */
  private readonly turns = new Turns('tryton stock');

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly items: TrytonItems,
    private readonly clock: Clock,
  ) {}

  create(businessKey: string, adjustment: NewStockAdjustment): Promise<StockAdjustment> {
    const mark = markOf(businessKey);
    return this.once.run(mark, async () =>
      this.adjustment(await this.settle(await this.withMark(mark), mark, () => this.loadOf(adjustment))),
    );
  }

  reverse(businessKey: string, id: string, reversal: NewReversal): Promise<StockAdjustment> {
    const mark = markOf(`reversal of ${id}: ${businessKey}`);
    return this.once.run(mark, () => this.turns.take([id], () => this.reverseNow(mark, id, reversal)));
  }

  async read(id: string): Promise<StockAdjustment> {
    const found = /^[1-9][0-9]{0,9}$/.test(id) ? await this.shipments([['id', '=', Number(id)], ...OURS], 1) : [];
    if (!found[0]) throw new Problem('not-found', 'There is no such stock adjustment');
    return this.adjustment(found[0]);
  }

  /** What Concord booked, in the order it came into Tryton. */
  async list({
    reference,
    changed_since,
    page_token,
    page_size = DEFAULT_PAGE_SIZE,
  }: StockAdjustmentQuery): Promise<Page<StockAdjustment>> {
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const about = reference ? [['reference', 'like', `${literally(reference)} %`]] : [];
    const since = changed_since ? [await this.movedSince(changed_since)] : [];
    const found = await this.shipments([['id', '>', after], ...OURS, ...about, ...since], page_size + 1);
    const page = toPage(
      found,
      page_size,
      ({ id }) => id,
      (shipment) => shipment,
    );
    return { ...page, items: await this.adjustments(page.items) };
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

  private async reverseNow(mark: string, id: string, _: NewReversal): Promise<StockAdjustment> {
    const { reverses, reference, reason, location } = await this.read(id);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const { used } = await this.places.get();
    const load = async (): Promise<Load> => {
      const to = await this.places.location(location);
      const words = { reference, reason, reverses: id };
      const taken = await this.movesOf([Number(id)]);
      return { words, from: used, to, moves: await this.returned(taken, used, to) };
    };
    const shipment = await this.settle(await this.reversalsOf([id]), mark, load, id);
    if (wordsOf(shipment)?.mark === mark) return this.adjustment(shipment);
    const context = { stockAdjustment: id, reversedBy: String(shipment.id) };
    throw new Problem('conflict', 'The adjustment is reversed already', { context });
  }

  /** The shipment that stands: one that is done, else a draft with our mark, else a new one. */
  private async settle(
    known: readonly WireShipment[],
    mark: string,
    loadOf: () => Promise<Load>,
    reverses?: string,
  ): Promise<WireShipment> {
    const done = known.find(({ state }) => state === 'done');
    if (done) return done;
    const draft = known.find((one) => wordsOf(one)?.mark === mark)?.id ?? (await this.draft(mark, await loadOf()));
    const rivals = reverses ? await this.reversalsOf([reverses]) : await this.withMark(mark);
    const winner = rivals.find(({ state }) => state === 'done') ?? rivals.find(({ id }) => id === draft);
    if (!winner) throw notThere();
    for (const { id } of rivals.filter(({ id, state }) => id !== winner.id && state === 'draft')) {
      await this.press('cancel', id);
    }
    return winner.state === 'done' ? winner : this.finish(winner);
  }

  private async draft(mark: string, { words, from, to, moves }: Load): Promise<number> {
    const { company } = await this.places.get();
    const day = this.today();
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

  /** Whatever its state, on to done. It is assigned by force: what was used was used, also where the stock did not hold it. */
  private async finish({ id, state }: WireShipment): Promise<WireShipment> {
    const buttons = ['wait', 'assign_force', 'done'].slice(['draft', 'waiting', 'assigned'].indexOf(state));
    for (const button of buttons) await this.press(button, id);
    const [shipment] = await this.shipments([['id', '=', id]], 1);
    if (shipment?.state !== 'done') throw notThere();
    return shipment;
  }

  private async press(button: string, id: number): Promise<void> {
    const { company } = await this.places.get();
    await this.tryton.press(SHIPMENT, button, [id], { company });
  }

  private async loadOf({ location, reference, reason, lines }: NewStockAdjustment): Promise<Load> {
    const from = await this.places.location(location);
    if (lines.length === 0) throw faulty('/lines', 'too-few', 'must not be empty');
    const items = await this.items.counted(lines.map(({ itemId }) => itemId));
    const known = lines.map((line, index) => knownItem(line, index, items));
    const { company, used } = await this.places.get();
    const moves = await Promise.all(
      lines.map(async ({ quantity, lot }, index) => ({
        company,
        product: known[index]!.product,
        uom: known[index]!.uom,
        quantity: Number(quantity),
        from_location: from,
        to_location: used,
        lot: lot === undefined ? null : await this.lot(known[index]!.product, lot),
      })),
    );
    return { words: { reference, reason }, from, to: used, moves };
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

  private async lot(product: number, number: string): Promise<number | undefined> {
    const found = await this.tryton.first(
      'stock.lot',
      [
        ['product', '=', product],
        ['number', '=', number],
      ],
      ['number'],
    );
    return found?.id ?? (await this.tryton.create('stock.lot', [{ product, number }]))[0];
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

  private async adjustment(shipment: WireShipment): Promise<StockAdjustment> {
    const [adjustment] = await this.adjustments([shipment]);
    if (!adjustment) throw notThere();
    return adjustment;
  }

  private async adjustments(shipments: readonly WireShipment[]): Promise<StockAdjustment[]> {
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
      return [toAdjustment(shipment, words, own, currency.code, reversedBy.get(String(shipment.id)))];
    });
  }

  private today() {
    return toWireDay(this.clock().toISOString().slice(0, 10));
  }
}

/** What Concord booked; shipments of others are left alone. */
const OURS: Domain = [
  ['state', '=', 'done'],
  ['reference', 'like', `% #${'_'.repeat(32)}`],
];

function knownItem(
  { itemId: item, unit, quantity }: NewStockAdjustmentLine,
  index: number,
  items: ReadonlyMap<string, CountedItem>,
): CountedItem {
  const known = items.get(item);
  if (!known) throw new Problem('unknown-code', 'Item is not known', { context: { item } });
  const { stockUnit } = known;
  if (unit !== stockUnit) {
    const context = { item, unit, stockUnit };
    throw new Problem('unknown-code', `Stock of ${item} is counted in ${stockUnit}`, { context });
  }
  if (!new Decimal(quantity).greaterThan(0)) throw faulty(`/lines/${index}/quantity`, 'minimum', 'must be positive');
  return known;
}

const faulty = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });

const notThere = (): Problem => new Problem('upstream-unavailable', 'Tryton did not keep what it took');
