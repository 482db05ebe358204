/** Requisitions of stock locations as purchase requisitions of Tryton, in the name of one employee. */
import {
  DEFAULT_PAGE_SIZE,
  mergePatch,
  NewSupplyRequisition,
  pagePosition,
  Problem,
  refuseStale,
  stale,
  toPage,
} from '@concord/canonical';
import type { Page, SupplyRequisition, SupplyRequisitionChange } from '@concord/canonical';
import type { Database } from '@concord/database';
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
import { refusalOfLines } from '../../held/order-rules.js';
import { SupplyRequisitions } from '../../ports/ordering.port.js';
import type { SupplyRequisitionQuery } from '../../queries.js';
import type { TrytonItems } from './items.js';
import type { PlacesCache } from './places.js';
import {
  REQUISITION_FIELDS,
  REQUISITION_LINE_FIELDS,
  statesOf,
  toDescription,
  toRequisition,
  type WireRequisition,
  type WireRequisitionLine,
} from './requisition.mapping.js';

const REQUISITION = 'purchase.requisition';

export class TrytonRequisitions extends SupplyRequisitions {
  /** By the mark of the business key. */
  private readonly once = new Once();
  /** By that mark, or by the requisition that is changed. */
  private readonly turns: Turns;

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly places: PlacesCache,
    private readonly items: TrytonItems,
    database?: Database,
  ) {
    super();
    this.turns = new Turns('tryton requisitions', database);
  }

  override createRequisition(businessKey: string, requisition: NewSupplyRequisition): Promise<SupplyRequisition> {
    const mark = markOf(businessKey);
    const work = async (): Promise<SupplyRequisition> => {
      const asked: Domain = [['description', 'like', `% #${mark}`]];
      const known = await this.tryton.first<WireRequisition>(REQUISITION, asked, REQUISITION_FIELDS);
      const id = known?.id ?? (await this.draft(mark, requisition));
      if (!known || known.state === 'draft') await this.press('wait', id); // a reply may have been lost before
      return this.readRequisition(String(id));
    };
    return this.once.run(mark, () => this.turns.take([mark], work));
  }

  override async readRequisition(id: string): Promise<SupplyRequisition> {
    const found = /^[1-9][0-9]{0,9}$/.test(id) ? await this.find([['id', '=', Number(id)]], 1) : [];
    if (!found[0]) throw new Problem('not-found', 'There is no such requisition');
    return found[0];
  }

  override async listRequisitions(query: SupplyRequisitionQuery): Promise<Page<SupplyRequisition>> {
    const { location, status, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const asked: unknown[] = [['id', '>', after]];
    if (location) asked.push(['description', 'like', `${literally(location)} #%`]);
    if (status) asked.push(['state', 'in', statesOf(status)]);
    if (changed_since) asked.push(changedSince(changed_since));
    return toPage(
      await this.find(asked, page_size + 1),
      page_size,
      ({ id }) => Number(id),
      (requisition) => requisition,
    );
  }

  override changeRequisition(
    id: string,
    expected: string,
    change: SupplyRequisitionChange,
  ): Promise<SupplyRequisition> {
    return this.turns.take([id], async () => {
      const requisition = await this.open(id);
      refuseStale(expected, requisition.revision);
      const wanted = mergePatch<NewSupplyRequisition>(requisition, change, NewSupplyRequisition);
      const before = await this.linesOf([Number(id)]);
      const removed = ['delete', before.map((line) => line.id)];
      const { supply_date, lines } = await this.valuesOf(wanted);
      const { company } = await this.places.get();
      const values = { supply_date, lines: [removed, ...lines] };
      await this.tryton
        .write(REQUISITION, Number(id), values, { company }, requisition.revision)
        .catch((error: unknown) => {
          throw error instanceof TrytonRefusal && error.reason === 'changed-meanwhile' ? stale() : error;
        });
      return this.readRequisition(id);
    });
  }

  override cancelRequisition(id: string): Promise<SupplyRequisition> {
    return this.turns.take([id], async () => {
      const { status } = await this.readRequisition(id);
      if (status === 'cancelled') return this.readRequisition(id);
      await this.open(id);
      await this.press('draft', Number(id)); // only a draft can be cancelled
      await this.press('cancel', Number(id));
      const cancelled = await this.readRequisition(id);
      if (cancelled.status !== 'cancelled') throw notThere();
      return cancelled;
    });
  }

  private async open(id: string): Promise<SupplyRequisition> {
    const requisition = await this.readRequisition(id);
    if (requisition.status === 'open') return requisition;
    throw new Problem('conflict', `The requisition is ${requisition.status}`, { context: { requisition: id } });
  }

  private async draft(mark: string, requisition: NewSupplyRequisition): Promise<number> {
    await this.places.location(requisition.location);
    const { company, warehouse, requester, currency } = await this.places.get();
    const description = toDescription(requisition.location, mark);
    const values = { company, employee: requester, warehouse, currency: currency.id, description };
    const [id] = await this.tryton.create(REQUISITION, [{ ...values, ...(await this.valuesOf(requisition)) }], {
      company,
    });
    if (id === undefined) throw notThere();
    return id;
  }

  private async valuesOf({ neededOn, lines }: NewSupplyRequisition) {
    const known = await this.items.byCode(lines.map(({ itemId }) => itemId));
    const refusal = refusalOfLines(lines, { items: new Map([...known].map(([id, { item }]) => [id, item])) });
    if (refusal) throw refusal;
    const wire = lines.map(({ itemId, quantity, unit }) => {
      const { product, units } = known.get(itemId)!;
      return { product, unit: units.get(unit), quantity: Number(quantity) };
    });
    return { supply_date: toWireDay(neededOn), lines: [['create', wire]] };
  }

  private async find(asked: Domain, limit: number): Promise<SupplyRequisition[]> {
    const { company } = await this.places.get();
    const ours: Domain = [['company', '=', company], ['description', 'like', `% #${'_'.repeat(32)}`], ...asked];
    const found = await this.tryton.find<WireRequisition>(REQUISITION, ours, REQUISITION_FIELDS, { limit });
    const lines = await this.linesOf(found.map(({ id }) => id));
    return found.map((wire) =>
      toRequisition(
        wire,
        lines.filter(({ requisition }) => requisition === wire.id),
      ),
    );
  }

  private async linesOf(requisitions: readonly number[]): Promise<WireRequisitionLine[]> {
    if (!requisitions.length) return [];
    const asked = [['requisition', 'in', requisitions]];
    return this.tryton.all<WireRequisitionLine>(`${REQUISITION}.line`, asked, REQUISITION_LINE_FIELDS);
  }

  private async press(button: string, id: number): Promise<void> {
    const { company } = await this.places.get();
    await this.tryton.press(REQUISITION, button, [id], { company });
  }
}

const notThere = (): Problem => new Problem('upstream-unavailable', 'Tryton did not keep what it took');
