/**
 * SNIP level 3 of the 835 (005010X221A1 §1.10.2): a payment balances by transaction, by claim and by service line. What
 * does not balance must not be posted.
 */
import type { Balance } from '../guide/guide.js';
import { numberOf, sumOf } from './decimal.js';

interface Adjustments {
  readonly adjustments?: readonly { readonly amount: string }[];
}

interface Payment {
  readonly payment: { readonly amount: string };
  readonly headers?: readonly { readonly claims?: readonly Claim[] }[];
  readonly providerAdjustments?: readonly Adjustments[];
}

interface Claim {
  readonly claim: { readonly number: string; readonly charge: string; readonly paid: string };
  readonly adjustments?: readonly Adjustments[];
  readonly lines?: readonly Line[];
}

interface Line {
  readonly service: { readonly charge: string; readonly paid: string };
  readonly adjustments?: readonly Adjustments[];
}

const adjusted = (segments: readonly Adjustments[] = []) =>
  sumOf(segments.flatMap(({ adjustments = [] }) => adjustments.map(({ amount }) => amount)));

const claimsOf = ({ headers = [] }: Payment) => headers.flatMap(({ claims = [] }) => claims);

/** BPR02 = sum of CLP04 − sum of PLB. */
const paymentAgrees: Balance<Payment> = (value, told) => {
  const claims = sumOf(claimsOf(value).map(({ claim }) => claim.paid));
  const expected = claims.minus(adjusted(value.providerAdjustments));
  const paid = numberOf(value.payment.amount);
  if (paid.equals(expected)) return;
  const detail = `BPR-02 pays ${paid.toFixed(2)}, but claims less provider adjustments are ${expected.toFixed(2)}`;
  told({ rule: 'payment', where: '', detail, pointer: 'BPR-02' });
};

/** CLP04 = CLP03 − the adjustments of the claim and of its lines. */
const claimsAgree: Balance<Payment> = (value, told) => {
  for (const { claim, adjustments, lines = [] } of claimsOf(value)) {
    const own = adjusted(adjustments).plus(
      lines.reduce((sum, line) => sum.plus(adjusted(line.adjustments)), sumOf([])),
    );
    const expected = numberOf(claim.charge).minus(own);
    if (numberOf(claim.paid).equals(expected)) continue;
    const detail = `CLP-04 pays ${numberOf(claim.paid).toFixed(2)}, but charge less adjustments is ${expected.toFixed(2)}`;
    told({ rule: 'claim-payment', where: `Claim ${claim.number}`, detail, pointer: 'CLP-04' });
  }
};

/** SVC03 = SVC02 − the adjustments of the line. */
const linesAgree: Balance<Payment> = (value, told) => {
  for (const { claim, lines = [] } of claimsOf(value)) {
    lines.forEach(({ service, adjustments }, index) => {
      const expected = numberOf(service.charge).minus(adjusted(adjustments));
      if (numberOf(service.paid).equals(expected)) return;
      const detail = `SVC-03 pays ${numberOf(service.paid).toFixed(2)}, but charge less adjustments is ${expected.toFixed(2)}`;
      told({
        rule: 'line-payment',
        where: `Claim ${claim.number}, service line ${index + 1}`,
        detail,
        pointer: 'SVC-03',
      });
    });
  }
};

export const remittanceBalances = [paymentAgrees, claimsAgree, linesAgree];
