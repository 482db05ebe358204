/** What the sandbox refuses to raise, and what a claim comes to. */
import {
  Problem,
  times,
  total,
  type ChargeItem,
  type CLAIM_KINDS,
  type ClaimLine,
  type Money,
  type NewClaim,
} from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { Contracts } from './contracts.js';
import { FACILITIES } from './payers.js';

interface ClaimWorth {
  readonly kind: (typeof CLAIM_KINDS)[number];
  /** Sum of the lines. */
  readonly charge: Money;
  /** The payer's share of it, in cents. */
  readonly expected: Money;
}

/** Throws `unknown-code` or `upstream-rejected`; the context holds the code that is not known or not right. */
export function worthOf(
  { facility, payer: code, lines, kind }: NewClaim,
  { payers, rules, chargeItems }: Contracts,
): ClaimWorth {
  if (!FACILITIES.has(facility)) throw unknown('Facility', { facility });
  const payer = payers.get(code);
  if (!payer) throw unknown('Payer', { payer: code });
  for (const line of lines) refuseLine(line, chargeItems.get(line.chargeCode));
  const charge = total(lines.map((line) => line.charge));
  return {
    charge,
    expected: times(charge, payer.expectedShare),
    kind: kind ?? rules.get(code)?.claimKind ?? 'institutional',
  };
}

function refuseLine({ chargeCode, quantity, charge }: ClaimLine, item: ChargeItem | undefined): void {
  if (!item) throw unknown('Charge code', { chargeCode });
  if (!isPositive(charge.amount)) throw rejected('Charge of a line must be above zero', chargeCode);
  if (!isPositive(quantity)) throw rejected('Quantity of a line must be above zero', chargeCode);
  if (charge.currency !== item.price.currency) throw rejected('Charge is not in the currency of its price', chargeCode);
}

const isPositive = (value: string): boolean => new Decimal(value).gt(0);

const unknown = (what: string, context: Record<string, string>): Problem =>
  new Problem('unknown-code', `${what} is not known`, { context });

const rejected = (detail: string, chargeCode: string): Problem =>
  new Problem('upstream-rejected', detail, { context: { chargeCode } });
