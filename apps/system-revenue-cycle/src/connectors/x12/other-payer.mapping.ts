/** The other payers of a claim (837 loops 2320 and 2330) and what they decided of its lines (loop 2430), one field a line. */
import {
  ADJUSTMENT_GROUPS,
  type ChargeItem,
  type Claim,
  type ClaimLine,
  type NewCoverage,
  type OtherPayerDecision,
  type OtherPayerLine,
  type RemittanceAdjustment,
} from '@concord/canonical';
import type { Contracts } from '../../books/contracts.js';
import type { Billed } from './billed.js';
import { insured } from './subscriber.mapping.js';
import { digitsOf, plain } from './x12-text.js';

/** The guides allow ten. */
const MOST_OTHERS = 10;

/** Loop 2320: who else insures the patient and, where that is known, what he decided, so that the payers can coordinate. */
export const otherSubscribersOf = ({ claim, others }: Billed, contracts: Contracts) =>
  others.slice(0, MOST_OTHERS).map((other, i) => {
    // Of two coverages with one payer the first carries what he decided.
    const isFirst = others.findIndex(({ payer }) => payer === other.payer) === i;
    const decision = isFirst ? claim.otherDecisions?.find(({ payer }) => payer === other.payer) : undefined;
    return otherSubscriberOf(other, decision, contracts);
  });

const otherSubscriberOf = (
  other: NewCoverage,
  decision: OtherPayerDecision | undefined,
  { payers, rules }: Contracts,
) => ({
  subscriber: insured(other, payers.get(other.payer), 'secondary'), // SBR
  ...(decision ? decided(decision) : {}),
  coverage: { benefitsAssigned: 'Y', release: 'Y' }, // OI03, OI06
  parties: [
    {
      name: {
        entity: 'IL', // NM101 insured
        type: '1', // NM102 person
        name: plain(other.familyName), // NM103
        first: plain(other.givenName), // NM104
        idQualifier: 'MI', // NM108 member identification
        id: other.memberId, // NM109
      },
    },
    {
      name: {
        entity: 'PR', // NM101 payer
        type: '2', // NM102 organization
        name: plain(payers.get(other.payer)?.name ?? other.payer), // NM103
        idQualifier: 'PI', // NM108 payer identification
        id: electronicIdOf(other.payer, rules), // NM109
      },
      // DTP*573 adjudication of the claim; where the lines tell of theirs it is left out.
      ...(decision && !decision.lines?.length
        ? { dates: [{ qualifier: '573', format: 'D8', value: digitsOf(decision.decidedOn) }] }
        : {}),
    },
  ],
});

const electronicIdOf = (payer: string, rules: Contracts['rules']): string => rules.get(payer)?.electronicId ?? payer;

const decided = ({ paid, adjustments, patientOwes, lines = [] }: OtherPayerDecision) => ({
  adjustments: adjustmentsOf(adjustments), // CAS
  amounts: [
    { qualifier: 'D', amount: paid.amount }, // AMT*D payer paid amount
    // AMT*EAF remaining patient liability; where the lines tell of theirs it is left out.
    ...(patientOwes && !lines.some((line) => line.patientOwes)
      ? [{ qualifier: 'EAF', amount: patientOwes.amount }]
      : []),
  ],
});

/** One CAS has room for six adjustments of a group. */
const A_SEGMENT = 6;

const adjustmentsOf = (adjustments: readonly RemittanceAdjustment[]) =>
  ADJUSTMENT_GROUPS.flatMap((group) => {
    const ofGroup = adjustments
      .filter((one) => one.group === group)
      .map(({ reason, amount, quantity }) => ({ reason, amount: amount.amount, ...(quantity ? { quantity } : {}) }));
    const segments = Math.ceil(ofGroup.length / A_SEGMENT);
    return Array.from({ length: segments }, (_, i) => ({
      group, // CAS01
      adjustments: ofGroup.slice(i * A_SEGMENT, (i + 1) * A_SEGMENT), // CAS02 to CAS19
    }));
  });

/** Loop 2430 of a line: what each payer before this one decided of it. @param number from 1, as in LX01 */
export function adjudicationsOf(
  { kind, otherDecisions = [] }: Pick<Claim, 'kind' | 'otherDecisions'>,
  line: ClaimLine,
  number: number,
  { chargeItems, rules }: Contracts,
) {
  const item = chargeItems.get(line.chargeCode);
  const adjudications = otherDecisions.flatMap((decision) =>
    (decision.lines ?? [])
      .filter((one) => one.line === number)
      .map((one) => ({
        adjudication: {
          payer: electronicIdOf(decision.payer, rules), // SVD01 as in NM109 of loop 2330B
          paid: one.paid.amount, // SVD02
          ...procedureOf(one, item), // SVD03
          ...(kind === 'professional' ? {} : { revenueCode: one.revenueCode ?? item?.revenueCode ?? '' }), // SVD04
          units: one.quantity ?? line.quantity, // SVD05
          ...(one.bundledInto ? { bundledLine: String(one.bundledInto) } : {}), // SVD06
        },
        adjustments: adjustmentsOf(one.adjustments), // CAS
        decidedOn: { format: 'D8', value: digitsOf(one.decidedOn ?? decision.decidedOn) }, // DTP*573
        ...(one.patientOwes ? { remaining: { amount: one.patientOwes.amount } } : {}), // AMT*EAF
      })),
  );
  return adjudications.length ? { adjudications } : {};
}

function procedureOf({ procedure, modifiers = [] }: OtherPayerLine, item: ChargeItem | undefined) {
  const code = procedure ?? item?.hcpcs;
  const [modifier1, modifier2, modifier3, modifier4] = modifiers;
  return code ? { procedure: { qualifier: 'HC', code, modifier1, modifier2, modifier3, modifier4 } } : {};
}
