import { mergePatch, Problem, Supplier, type NewSupplier, type Page, type SupplierChange } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { Suppliers } from '../../ports/suppliers.port.js';
import type { SupplierQuery } from '../../queries.js';
import type { Documents } from './documents.store.js';
import { containing } from './containing.js';

export class SandboxSuppliers extends Suppliers {
  constructor(private readonly suppliers: Documents<Supplier>) {
    super();
  }

  /** Bank details are entered in the ERP itself, never through us: a new supplier has none. */
  override createSupplier(businessKey: string, supplier: NewSupplier): Promise<Supplier> {
    return this.suppliers.once(businessKey, async (tx) => {
      await this.refuseTwin(supplier, tx);
      return { ...supplier, active: true, blocked: false, hasBankDetails: false };
    });
  }

  override readSupplier(id: string): Promise<Supplier> {
    return this.suppliers.read(id);
  }

  override listSuppliers(query: SupplierQuery): Promise<Page<Supplier>> {
    const active = query.active === undefined ? undefined : query.active === 'true';
    return this.suppliers.list(query, { taxId: query.tax_id, active }, containing(sql`body ->> 'name'`, query.name));
  }

  override changeSupplier(id: string, expected: string, change: SupplierChange): Promise<Supplier> {
    return this.suppliers.change(id, expected, async (supplier, tx) => {
      const changed = mergePatch<Supplier>(supplier, change, Supplier);
      if (changed.active) await this.refuseTwin(changed, tx, id);
      return changed;
    });
  }

  private async refuseTwin({ taxId }: NewSupplier, tx: Database, own?: string): Promise<void> {
    if (taxId === undefined) return;
    await sql`select pg_advisory_xact_lock(hashtextextended(${`tax number ${taxId}`}, 0))`.execute(tx);
    const twin = await this.suppliers.find({ taxId, active: true }, tx);
    if (!twin || twin.id === own) return;
    throw new Problem('conflict', 'Another supplier has this tax number', { context: { supplier: twin.id } });
  }
}
