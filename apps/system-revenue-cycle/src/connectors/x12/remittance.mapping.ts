/** An 835 (005010X221A1) as a payment in canonical words, one field a line. It leaves out every name. */
import {
  CODE,
  money,
  type NewRemittance,
  type NewRemittanceClaim,
  type ProviderAdjustment,
  type RemittanceAdjustment,
  type RemittanceLine,
} from '@concord/canonical';
import type { ClaimPayment, LinePayment, Remittance } from '@concord/x12';

export function remittanceFrom(told: Remittance): NewRemittance {
  return {
    payer: codeOf(told.trace.payer), // TRN03 who pays: 1 and the tax number
    traceNumber: codeOf(told.trace.number), // TRN02 check or EFT number
    paidOn: dayOf(told.payment.date), // BPR16
    amount: money(told.payment.amount), // BPR02
    claims: (told.headers ?? []).flatMap(({ claims = [] }) => claims.map(claimFrom)), // loop 2100
    providerAdjustments: (told.providerAdjustments ?? []).flatMap(({ adjustments = [] }) =>
      adjustments.map(providerFrom),
    ), // PLB
  };
}

const claimFrom = ({ claim, adjustments = [], lines = [] }: ClaimPayment): NewRemittanceClaim => ({
  claimNumber: codeOf(claim.number), // CLP01 our number
  statusCode: claim.status, // CLP02
  ...(claim.payerNumber ? { payerClaimNumber: codeOf(claim.payerNumber) } : {}), // CLP07
  charge: money(claim.charge), // CLP03
  paid: money(claim.paid), // CLP04
  patientResponsibility: money(claim.patientResponsibility ?? '0'), // CLP05
  adjustments: adjustments.flatMap(adjustmentsFrom), // CAS of the claim
  lines: lines.map(lineFrom), // loop 2110
});

const lineFrom = (
  { service, adjustments = [], references = [], remarks = [] }: LinePayment,
  i: number,
): RemittanceLine => ({
  line: Number(references.find(({ qualifier }) => qualifier === '6R')?.value) || i + 1, // REF*6R our number of the line
  service: codeOf(service.procedure.code || service.revenueCode || 'NONE'), // SVC01-2, SVC04
  charge: money(service.charge), // SVC02
  paid: money(service.paid), // SVC03
  adjustments: adjustments.flatMap(adjustmentsFrom), // CAS of the line
  remarks: remarks.flatMap(({ list, code }) => (list === 'HE' && code ? [codeOf(code)] : [])), // LQ*HE
});

type Told = NonNullable<ClaimPayment['adjustments']>[number];

const adjustmentsFrom = ({ group, adjustments = [] }: Told): RemittanceAdjustment[] =>
  adjustments.map(({ reason, amount, quantity }) => ({
    group: group as RemittanceAdjustment['group'], // CAS01
    reason, // CAS02, 05, …
    amount: money(amount), // CAS03, 06, …
    ...(quantity ? { quantity } : {}), // CAS04, 07, …
  }));

type ToldOfProvider = NonNullable<NonNullable<Remittance['providerAdjustments']>[number]['adjustments']>[number];

const providerFrom = ({ reason, amount }: ToldOfProvider): ProviderAdjustment => ({
  reason: codeOf(reason.code), // PLB03-1
  ...(reason.reference ? { reference: codeOf(reason.reference) } : {}), // PLB03-2
  amount: money(amount), // PLB04
});

const dayOf = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;

/** Other systems put blanks and other signs into numbers; a code of ours has none. */
const codeOf = (text: string): string =>
  CODE.test(text) ? text : text.replace(/[^A-Za-z0-9._:-]/g, '-').slice(0, 128) || '-';
