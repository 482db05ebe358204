import {
  mergePatch,
  Problem,
  refuseStale,
  Supplier,
  type NewSupplier,
  type Page,
  type SupplierChange,
} from '@concord/canonical';
import { Suppliers } from '../../ports/suppliers.port.js';
import type { SupplierQuery } from '../../queries.js';
import { revisionOf } from './odata.values.js';
import { fromSupplier, toSupplier } from './supplier.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import { referenceOf, type MadeOnce } from './made-once.js';

export class ODataSuppliers extends Suppliers {
  constructor(
    private readonly records: ODataRecords,
    private readonly madeOnce: MadeOnce,
  ) {
    super();
  }

  override async createSupplier(key: string, supplier: NewSupplier): Promise<Supplier> {
    const businessKey = referenceOf('supplier', key);
    const make = async () => {
      await this.refuseTwin(supplier);
      const fresh = { active: true, blocked: false, hasBankDetails: false, businessKey };
      return this.records.create('suppliers', { ...fromSupplier(supplier), ...fresh });
    };
    const unique = taxNumberOf(supplier);
    return toSupplier(await this.madeOnce.record(this.records, 'suppliers', businessKey, make, unique));
  }

  override async readSupplier(id: string): Promise<Supplier> {
    return toSupplier(await this.records.read('suppliers', id));
  }

  override listSuppliers(query: SupplierQuery): Promise<Page<Supplier>> {
    const where: Condition[] = [
      ['name', 'has', query.name],
      ['taxId', 'eq', query.tax_id],
      ['active', 'eq', query.active],
    ];
    return pageOfRecords(this.records, 'suppliers', query, where, toSupplier);
  }

  override async changeSupplier(id: string, expected: string, change: SupplierChange): Promise<Supplier> {
    const record = await this.records.read('suppliers', id);
    refuseStale(expected, revisionOf(record.etag));
    const changed = mergePatch<Supplier>(toSupplier(record), change, Supplier);
    const { active, blocked } = changed;
    return this.madeOnce.apart(taxNumberOf(changed), async () => {
      if (active) await this.refuseTwin(changed, id);
      const values = { ...fromSupplier(changed), active, blocked };
      return toSupplier(await this.records.change('suppliers', id, record.etag, values));
    });
  }

  private async refuseTwin({ taxId }: NewSupplier, own?: string): Promise<void> {
    if (taxId === undefined) return;
    const where: Condition[] = [
      ['taxId', 'eq', taxId],
      ['active', 'eq', true],
    ];
    const twins = await this.records.list('suppliers', { where, most: 2 });
    const twin = twins.map(toSupplier).find(({ id }) => id !== own);
    if (twin) throw new Problem('conflict', 'Another supplier has this tax number', { context: { supplier: twin.id } });
  }
}

/** A tax number belongs to one supplier. */
const taxNumberOf = ({ taxId }: NewSupplier): string[] => (taxId === undefined ? [] : [`tax number ${taxId}`]);
