/**
 * Coordination of benefits (005010X222A1 and 005010X223A2 §1.4.4, balancing): what a payer decided before must come to what is
 * charged, line by line and as a whole, or the next payer refuses the claim.
 */
import {
  hasWholeCents,
  minus,
  Problem,
  sameAmount,
  total,
  type Claim,
  type Money,
  type OtherPayerDecision,
  type OtherPayerLine,
  type ProblemFault,
} from '@concord/canonical';

/** A claim as far as other payers have decided of it. */
export type Coordinated = Pick<Claim, 'encounterId' | 'payer' | 'lines' | 'charge' | 'otherDecisions'>;

/** Throws `coding-incomplete` with every fault; a claim that no other payer has decided of has none. */
export function refuseUnbalanced(claim: Coordinated): void {
  const faults = coordinationFaults(claim);
  if (!faults.length) return;
  const { encounterId: encounter, payer } = claim;
  throw new Problem('coding-incomplete', faults[0]!.detail, {
    errors: faults.slice(0, 100),
    context: { encounter, payer },
  });
}

/** Every fault in words for a biller; none where a claim may go to the next payer. */
export function coordinationFaults(claim: Coordinated): ProblemFault[] {
  const decisions = claim.otherDecisions ?? [];
  return decisions.flatMap((decision, i) => {
    const { payer } = decision;
    const at = `/otherDecisions/${i}`;
    const isTwice = decisions.findIndex((other) => other.payer === payer) < i;
    const twice = isTwice ? [fault(`${at}/payer`, 'payer-twice', `What ${payer} decided is told twice`)] : [];
    return [...twice, ...balanceFaults(decision, claim, at)];
  });
}

function balanceFaults(decision: OtherPayerDecision, claim: Coordinated, at: string): ProblemFault[] {
  const { payer, paid, adjustments, lines, patientOwes } = decision;
  const { currency } = claim.charge;
  const all = [decision, ...(lines ?? [])].flatMap(amountsOf);
  if (all.some((amount) => amount.currency !== currency || !hasWholeCents(amount)))
    return [fault(at, 'cob-balance', `What ${payer} decided is not told in whole cents of ${currency}`)];
  if (!lines?.length) {
    const sum = total(decidedOf([decision]), currency);
    if (sameAmount(sum, claim.charge)) return [];
    const detail = `The payment of ${payer} and his adjustments come to ${sum.amount}, but the charge of the claim is ${claim.charge.amount}`;
    return [fault(at, 'cob-balance', detail)];
  }
  const ofLines = lineFaults(decision, lines, claim, at);
  if (ofLines.length) return ofLines;
  // Each line comes to its charge; so the whole does where the payment is that of the lines.
  const faults: ProblemFault[] = [];
  const ofPayments = minus(
    total(
      lines.map((line) => line.paid),
      currency,
    ),
    total(
      adjustments.map(({ amount }) => amount),
      currency,
    ),
  );
  if (!sameAmount(paid, ofPayments)) {
    const detail = `${payer} paid ${paid.amount}, but his payments of the lines less his adjustments of the claim are ${ofPayments.amount}`;
    faults.push(fault(`${at}/paid`, 'cob-balance', detail));
  }
  const owed = lines.flatMap((line) => line.patientOwes ?? []);
  if (patientOwes && owed.length && !sameAmount(patientOwes, total(owed, currency))) {
    const detail = `What ${payer} leaves to the patient is ${patientOwes.amount}, but ${total(owed, currency).amount} by his lines`;
    faults.push(fault(`${at}/patientOwes`, 'cob-balance', detail));
  }
  return faults;
}

/** §1.4.4.2, by line; of a line that the payer split the parts are taken together. */
function lineFaults(
  { payer }: OtherPayerDecision,
  decided: readonly OtherPayerLine[],
  { lines, charge: { currency } }: Coordinated,
  at: string,
): ProblemFault[] {
  const strange = decided.flatMap(({ line, bundledInto = line }, j) =>
    line > lines.length || bundledInto > lines.length
      ? [fault(`${at}/lines/${j}`, 'no-line', `${payer} decided of a line that the claim does not have`)]
      : [],
  );
  const byLine = Map.groupBy(decided, ({ line }) => line);
  const unequal = lines.flatMap(({ chargeCode, charge }, i) => {
    const called = `Line ${i + 1} (${chargeCode})`;
    const own = byLine.get(i + 1);
    if (!own)
      return [fault(`${at}/lines`, 'cob-balance', `${called} has no decision of ${payer}, but other lines have`)];
    const sum = total(decidedOf(own), currency);
    if (sameAmount(sum, charge)) return [];
    const detail = `${called}: the payment of ${payer} and his adjustments come to ${sum.amount}, but the charge is ${charge.amount}`;
    return [fault(`${at}/lines/${decided.indexOf(own[0]!)}`, 'cob-balance', detail)];
  });
  return [...strange, ...unequal];
}

type Decided = Pick<OtherPayerLine, 'paid' | 'adjustments' | 'patientOwes'>;

const decidedOf = (parts: readonly Decided[]): Money[] =>
  parts.flatMap(({ paid, adjustments }) => [paid, ...adjustments.map(({ amount }) => amount)]);

const amountsOf = (part: Decided): Money[] => [...decidedOf([part]), ...(part.patientOwes ? [part.patientOwes] : [])];

const fault = (pointer: string, code: string, detail: string): ProblemFault => ({ pointer, code, detail });
