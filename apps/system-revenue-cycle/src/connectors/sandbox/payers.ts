import type { Payer } from '@concord/canonical';

/** Where the sandbox's claims may come from. */
export const FACILITIES: ReadonlySet<string> = new Set(['CLINIC-NORTH', 'CLINIC-EAST', 'CLINIC-SOUTH', 'CLINIC-WEST']);

/** Who pays, and what share of the gross charge the contract lets us expect. */
export const PAYERS: readonly Payer[] = [
  { code: 'PRIVATE', name: 'Private insurance', kind: 'commercial', expectedShare: '0.72' },
  { code: 'MEDICARE', name: 'Medicare', kind: 'medicare', expectedShare: '0.61' },
  { code: 'MEDICAID', name: 'Medicaid', kind: 'medicaid', expectedShare: '0.48' },
  { code: 'SELF-PAY', name: 'Self-pay', kind: 'self-pay', expectedShare: '0.35' },
];
