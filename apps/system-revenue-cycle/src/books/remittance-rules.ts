/** What must hold of a remittance before it is worked in, and what of it is a denial. */
import {
  isZero,
  minus,
  sameAmount,
  total,
  type Money,
  type NewRemittance,
  type NewRemittanceClaim,
  type RemittanceAdjustment,
} from '@concord/canonical';

/**
 * The first law that a remittance breaks, in words; undefined where it balances to the cent. X12 TR3 005010X221A1,
 * 1.10.2: a line, a claim and the whole each balance.
 */
export function imbalanceOf({ amount, claims, providerAdjustments }: NewRemittance): string | undefined {
  const off = claims.map(imbalanceOfClaim).find((fault) => fault !== undefined);
  if (off) return off;
  const paid = total(claims.map((claim) => claim.paid));
  const kept = total(providerAdjustments.map((adjustment) => adjustment.amount));
  const should = minus(paid, kept);
  if (sameAmount(should, amount)) return undefined;
  return `The claims less the provider adjustments come to ${should.amount}, but ${amount.amount} was paid`;
}

function imbalanceOfClaim({ claimNumber, charge, paid, adjustments, lines }: NewRemittanceClaim): string | undefined {
  for (const each of lines) {
    const should = minus(each.charge, sum(each.adjustments));
    if (!sameAmount(should, each.paid)) {
      return `${claimNumber}, line ${each.line}: the charge less the adjustments is ${should.amount}, but ${each.paid.amount} was paid`;
    }
  }
  const all = [...adjustments, ...lines.flatMap((each) => each.adjustments)];
  const should = minus(charge, sum(all));
  if (sameAmount(should, paid)) return undefined;
  return `${claimNumber}: the charge less the adjustments is ${should.amount}, but ${paid.amount} was paid`;
}

const sum = (adjustments: readonly RemittanceAdjustment[]): Money => total(adjustments.map(({ amount }) => amount));

/** What a payer took off by contract, the patient's part aside. */
export function takenOff({ adjustments, lines }: NewRemittanceClaim): Money {
  const all = [...adjustments, ...lines.flatMap((each) => each.adjustments)];
  return sum(all.filter(({ group }) => group !== 'PR'));
}

interface RefusedPart extends RemittanceAdjustment {
  readonly line?: number;
  readonly remarks: readonly string[];
}

const DENIED = '4';

/** Reasons that belong to an ordinary payment: the fee schedule, a capitation, a sequestration. */
const ORDINARY = new Set(['24', '45', '104', '253']);

/** What of a claim was refused: all of it, or the lines that were not paid for another than an ordinary reason. */
export function deniedOf({ statusCode, adjustments, lines }: NewRemittanceClaim): RefusedPart[] {
  const whole = statusCode === DENIED ? adjustments.map((each) => ({ ...each, remarks: [] })) : [];
  const unpaid = lines.filter((each) => statusCode === DENIED || (isZero(each.paid) && !isZero(each.charge)));
  const parts = unpaid.flatMap((each) =>
    each.adjustments.map((adjustment) => ({ ...adjustment, line: each.line, remarks: each.remarks })),
  );
  return [...whole, ...parts].filter(({ group, reason }) => group !== 'PR' && !ORDINARY.has(reason));
}

/** What the claim became; a reversal (22) takes money back and leaves it where it was. */
export function settledAs({ statusCode, paid }: NewRemittanceClaim): 'paid' | 'denied' | undefined {
  if (statusCode === '22') return undefined;
  return statusCode === DENIED || (isZero(paid) && statusCode !== '1') ? 'denied' : 'paid';
}
