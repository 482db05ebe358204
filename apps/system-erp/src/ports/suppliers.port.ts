import type { NewSupplier, Page, Supplier, SupplierChange } from '@concord/canonical';
import type { SupplierQuery } from '../queries.js';

/** The supplier master. */
export abstract class Suppliers {
  /**
   * Adds a supplier. The same business key again returns the first one. Throws `conflict` where another active supplier
   * has the tax number; its context names that one.
   */
  abstract createSupplier(businessKey: string, supplier: NewSupplier): Promise<Supplier>;

  /** Throws `not-found`. */
  abstract readSupplier(id: string): Promise<Supplier>;

  /** By identifier. */
  abstract listSuppliers(query: SupplierQuery): Promise<Page<Supplier>>;

  /**
   * Throws `not-found`; `stale` where `expected` is neither `*` nor the revision there is; `conflict` as for a new one. With
   * a business key a change whose reply was lost is found done when it is repeated: no second effect, and no `stale` for
   * what was our own.
   */
  abstract changeSupplier(
    id: string,
    expected: string,
    change: SupplierChange,
    businessKey?: string,
  ): Promise<Supplier>;
}
