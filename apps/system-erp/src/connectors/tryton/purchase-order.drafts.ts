/** What an order of ours is in Tryton, before it is written there: each code that it names is looked up. */
import { Problem, type NewPurchaseOrder, type NewPurchaseOrderLine } from '@concord/canonical';
import { checkLines, unknown } from '../purchasing-rules.js';
import type { TrytonItems } from './items.js';
import { toPurchase, toPurchaseLine } from './purchase-order.mapping.js';
import type { StockLocations } from './stock-locations.js';
import { knownCodes, type Books } from './books.js';
import type { StructureCache } from './structure.cache.js';
import type { TrytonSuppliers } from './suppliers.js';

export interface OrderDraft {
  /** Of the purchase, without its lines. */
  readonly values: object;
  readonly lines: readonly object[];
  readonly company: number;
}

export class OrderDrafts {
  constructor(
    private readonly structure: StructureCache,
    private readonly suppliers: TrytonSuppliers,
    private readonly items: TrytonItems,
    private readonly locations: StockLocations,
  ) {}

  /**
   * Throws `unknown-code`, `conflict` and `validation-failed` as the port says.
   * @param comment what stands in the comment of the purchase already
   */
  async of(order: NewPurchaseOrder, comment: string | null): Promise<OrderDraft> {
    const books = await this.structure.books(order.legalEntity);
    checkLines(order.legalEntity, order.lines, knownCodes(await this.structure.get()));
    const supplier = await this.supplierOf(order);
    const warehouse = await this.warehouseOf(order);
    const lines = await this.linesOf(order.lines, books);
    const { company, currency } = books;
    const values = toPurchase(order, { company, currency, warehouse, ...supplier }, comment);
    return { values, lines, company };
  }

  private async supplierOf({ supplier: code }: NewPurchaseOrder) {
    const known = await this.suppliers.known(code);
    if (!known) throw unknown('There is no such supplier', { supplier: code });
    const { party, address, term, supplier } = known;
    if (!supplier.active || supplier.blocked || address === undefined) {
      throw new Problem('conflict', 'Nothing is bought from this supplier', { context: { supplier: code } });
    }
    return { party, address, term };
  }

  /** The warehouse whose stock location it is delivered to. */
  private async warehouseOf({ deliverTo: location }: NewPurchaseOrder): Promise<number> {
    const { warehouse } = await this.locations.named(location);
    if (!warehouse) throw unknown('There is no such stock location', { location });
    return warehouse;
  }

  private async linesOf(lines: readonly NewPurchaseOrderLine[], books: Books): Promise<object[]> {
    const items = await this.items.byCode(lines.flatMap(({ item }) => item ?? []));
    return lines.map((line) => {
      const { item, unit, costCenter, project } = line;
      if (project !== undefined) throw unknown('Tryton keeps no projects that pay', { project });
      const analytic = { root: books.costCenterRoot, account: books.costCenters.get(costCenter)!.key };
      if (item === undefined) return toPurchaseLine(line, undefined, analytic);
      const known = items.get(item);
      if (!known) throw unknown('There is no such item', { item });
      if (!known.item.active) throw new Problem('conflict', 'The item is not bought any more', { context: { item } });
      const uom = known.units.get(unit);
      if (uom === undefined) throw unknown('The item has no such unit', { item, unit });
      return toPurchaseLine(line, { id: known.product, uom }, analytic);
    });
  }
}
