/** What a payer decides, from the claim alone, so that a test knows beforehand. */
import { Decimal } from 'decimal.js';
import type { BilledClaim } from './billed-claim.js';

export type Outcome = 'paid' | 'denied' | 'turned-away';

/**
 * A member number that begins with `X` is unknown to the payer: the claim is turned away (277CA A7:33). One that begins
 * with `D` is not authorized: denied (CARC 197). All others are paid.
 */
export function outcomeOf({ memberId }: BilledClaim): Outcome {
  if (memberId.startsWith('X')) return 'turned-away';
  return memberId.startsWith('D') ? 'denied' : 'paid';
}

export interface PaidLine {
  readonly paid: string;
  /** By contract (CO-45). */
  readonly contractual: string;
  /** Coinsurance (PR-2). */
  readonly patient: string;
}

/** Three tenths off by contract, one tenth for the patient, the rest is paid: to the cent. */
export function payLine(charge: string): PaidLine {
  const whole = new Decimal(charge);
  const contractual = whole.times('0.3').toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
  const patient = whole.times('0.1').toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
  const paid = whole.minus(contractual).minus(patient);
  return { paid: paid.toFixed(2), contractual: contractual.toFixed(2), patient: patient.toFixed(2) };
}
