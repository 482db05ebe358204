import type { Supplier, SupplierValidation } from '@concord/canonical';

/** Whether a supplier can be bought from and paid: it is, where nothing stands against it. */
export function supplierValidationOf({ id, active, taxId, blocked, hasBankDetails }: Supplier): SupplierValidation {
  const checks = {
    active,
    taxIdKnown: taxId !== undefined,
    notBlocked: !blocked,
    bankDetailsPresent: hasBankDetails,
  };
  return { supplier: id, valid: Object.values(checks).every(Boolean), ...checks };
}
