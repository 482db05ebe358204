import type { NewClaimAdjustment } from '@concord/canonical';

/** The columns and words of a file of adjustments, as data: another sender's file is another profile. */
export const ADJUSTMENT_PROFILE = {
  separator: ',',
  header: 'HEADER', // then the number of the batch
  trailer: 'TRAILER', // then the count and the total of the lines
  columns: { claimNumber: 0, kind: 1, amount: 2, currency: 3, effectiveOn: 4, reason: 5 },
  kinds: {
    WO: 'write-off',
    CA: 'courtesy',
    CT: 'contractual',
    CR: 'correction',
    PP: 'patient-payment',
  } as Readonly<Record<string, NewClaimAdjustment['kind']>>,
} as const;
