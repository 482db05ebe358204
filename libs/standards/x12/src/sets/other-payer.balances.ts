/**
 * SNIP level 3 of the coordination of benefits in an 837 (005010X222A1 and 005010X223A2 §1.4.4, balancing), payer by payer. What
 * does not balance is refused by the next payer.
 */
import type { Decimal } from 'decimal.js';
import type { Balance, Breach } from '../guide/guide.js';
import { claimsOf, type Claims } from './claim.balances.js';
import { numberOf, sumOf } from './decimal.js';

interface Adjustments {
  readonly adjustments?: readonly { readonly amount: string }[];
}

interface Claim {
  readonly claim: { readonly number: string; readonly charge: string };
  readonly otherSubscribers?: readonly OtherSubscriber[];
  readonly lines: readonly Line[];
}

interface OtherSubscriber {
  readonly adjustments?: readonly Adjustments[];
  readonly amounts?: readonly { readonly qualifier: string; readonly amount: string }[];
  readonly parties?: readonly { readonly name: { readonly entity: string; readonly id?: string } }[];
}

interface Line {
  readonly service: { readonly charge: string };
  readonly adjudications?: readonly Adjudication[];
}

interface Adjudication {
  readonly adjudication: { readonly payer: string; readonly paid: string };
  readonly adjustments?: readonly Adjustments[];
}

type Told = (breach: Breach) => void;

const adjusted = (segments: readonly Adjustments[] = []): Decimal =>
  sumOf(segments.flatMap(({ adjustments = [] }) => adjustments.map(({ amount }) => amount)));

const paidOf = (adjudications: readonly Adjudication[]): Decimal =>
  sumOf(adjudications.map(({ adjudication }) => adjudication.paid));

const adjustedOf = (adjudications: readonly Adjudication[]): Decimal =>
  adjusted(adjudications.flatMap(({ adjustments = [] }) => adjustments));

const payerOf = ({ parties = [] }: OtherSubscriber) => parties.find(({ name }) => name.entity === 'PR')?.name.id;

/** @param lineCharge where the charge of a line stands */
export const otherPayersAgree =
  (lineCharge: 'SV102' | 'SV203'): Balance<Claims<Claim>> =>
  (value, told) => {
    for (const claim of claimsOf(value)) {
      linesAgree(claim, lineCharge === 'SV102' ? 'SV1-02' : 'SV2-03', told);
      for (const other of claim.otherSubscribers ?? []) paymentAgrees(claim, other, told);
    }
  };

/** §1.4.4.2: the charge of a line = the payments of a payer for it (SVD02) + his adjustments of it (CAS), also where he split it. */
function linesAgree({ claim, lines, otherSubscribers = [] }: Claim, chargeName: string, told: Told): void {
  const payers = new Set(otherSubscribers.map(payerOf));
  lines.forEach(({ service, adjudications = [] }, index) => {
    const where = `Claim ${claim.number}, service line ${index + 1}`;
    for (const [payer, own] of Map.groupBy(adjudications, ({ adjudication }) => adjudication.payer)) {
      if (!payers.has(payer)) {
        const detail = `SVD-01 names payer ${payer}, who is not among the other payers of the claim`;
        told({ rule: 'line-payer', where, detail, pointer: 'SVD-01' });
      }
      const sum = paidOf(own).plus(adjustedOf(own));
      const charge = numberOf(service.charge);
      if (sum.equals(charge)) continue;
      const detail = `payments (SVD-02) and adjustments (CAS) of payer ${payer} come to ${sum.toFixed(2)}, but the charge of the line (${chargeName}) is ${charge.toFixed(2)}`;
      told({ rule: 'line-decision', where, detail, pointer: 'SVD-02' });
    }
  });
}

/**
 * §1.4.4.1, where a payer decided line by line: his payment (AMT*D) = the sum of SVD02 less the CAS of loop 2320; and always, where
 * he gave reasons: CLM02 = his payment + every CAS of his, of the claim and of its lines.
 */
function paymentAgrees({ claim, lines }: Claim, other: OtherSubscriber, told: Told): void {
  const payer = payerOf(other);
  const amount = other.amounts?.find(({ qualifier }) => qualifier === 'D')?.amount;
  const own = lines.flatMap(({ adjudications = [] }) =>
    adjudications.filter(({ adjudication }) => adjudication.payer === payer),
  );
  if (amount === undefined || (own.length === 0 && !other.adjustments?.length)) return;
  const [where, paid, charge] = [`Claim ${claim.number}`, numberOf(amount), numberOf(claim.charge)];
  const ofClaim = adjusted(other.adjustments);
  const ofLines = paidOf(own).minus(ofClaim);
  if (own.length > 0 && !paid.equals(ofLines)) {
    const detail = `payer ${payer} paid ${paid.toFixed(2)} (AMT-02), but his payments of lines (SVD-02) less his adjustments of the claim (CAS) are ${ofLines.toFixed(2)}`;
    told({ rule: 'payer-paid', where, detail, pointer: 'AMT-02' });
  }
  const sum = paid.plus(ofClaim).plus(adjustedOf(own));
  if (sum.equals(charge)) return;
  const detail = `payment (AMT-02) and adjustments (CAS) of payer ${payer} come to ${sum.toFixed(2)}, but the claim (CLM-02) to ${charge.toFixed(2)}`;
  told({ rule: 'payer-decision', where, detail, pointer: 'CLM-02' });
}
