import type { Payer, PayerRule } from '@concord/canonical';

/** Where the sandbox's claims may come from. */
export const FACILITIES: ReadonlySet<string> = new Set(['CLINIC-NORTH', 'CLINIC-EAST', 'CLINIC-SOUTH', 'CLINIC-WEST']);

/** Who pays, and what share of the gross charge the contract lets us expect. */
export const PAYERS: readonly Omit<Payer, 'changedAt'>[] = [
  { code: 'PRIVATE', name: 'Private insurance', kind: 'commercial', expectedShare: '0.72' },
  { code: 'MEDICARE', name: 'Medicare', kind: 'medicare', expectedShare: '0.61' },
  { code: 'MEDICAID', name: 'Medicaid', kind: 'medicaid', expectedShare: '0.48' },
  { code: 'SELF-PAY', name: 'Self-pay', kind: 'self-pay', expectedShare: '0.35' },
];

type SeededRule = Omit<PayerRule, 'changedAt'>;

/** What the payers ask of a claim. Our clinics are departments of the hospital, so they bill as institutions. */
export const PAYER_RULES: readonly SeededRule[] = [
  { ...rule('PRIVATE', '60054', 180, 400), authorizationNeeded: ['CH-PROC-CABG', 'CH-PROC-LUNG-TRANSPLANT'] },
  rule('MEDICARE', '00831', 365, 449),
  { ...rule('MEDICAID', 'D00111', 365, 400), authorizationNeeded: ['CH-PROC-LUNG-TRANSPLANT'] },
  rule('SELF-PAY', 'SELFPAY', 3650, 400),
];

function rule(payer: string, electronicId: string, timelyFilingDays: number, mostLines: number): SeededRule {
  return { payer, claimKind: 'institutional', electronicId, timelyFilingDays, mostLines, authorizationNeeded: [] };
}
