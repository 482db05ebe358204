/** SBR: how a payer insures the subscriber, and when his turn is. */
import type { NewCoverage, Payer } from '@concord/canonical';

/** SBR01, by which of several pays first. */
const ORDERS = { primary: 'P', secondary: 'S', tertiary: 'T' } as const;

/** Claim filing indicator (SBR09), by the kind of payer. */
const FILING = { commercial: 'CI', medicare: 'MA', medicaid: 'MC', 'self-pay': '09' } as const;

/** @param order where the coverage does not say when its turn is */
export const insured = (coverage: NewCoverage, payer: Payer | undefined, order: keyof typeof ORDERS) => ({
  order: ORDERS[coverage.order ?? order], // SBR01 who pays first
  relationship: '18', // SBR02 self
  filing: FILING[payer?.kind ?? 'commercial'], // SBR09
});
