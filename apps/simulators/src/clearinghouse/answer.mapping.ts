import type { ClaimAcknowledgment, ClaimPayment, GroupHeader, Remittance } from '@concord/x12';
import { Decimal } from 'decimal.js';
import { outcomeOf, payLine } from './adjudication.js';
import type { BilledClaim } from './billed-claim.js';

const dayOf = (at: Date): string => at.toISOString().slice(0, 10).replaceAll('-', '');

const sumOf = (amounts: readonly string[]): string =>
  amounts.reduce((all, amount) => all.plus(amount), new Decimal(0)).toFixed(2);

/** 277CA: each claim accepted (A2:20) or turned away (A7:33, subscriber not found). */
export function claimAcknowledgmentOf(
  { receiver, sender }: GroupHeader,
  claims: readonly BilledClaim[],
  control: number,
  at: Date,
): ClaimAcknowledgment {
  const day = dayOf(at);
  const taken = claims.filter((claim) => outcomeOf(claim) !== 'turned-away');
  const away = claims.filter((claim) => outcomeOf(claim) === 'turned-away');
  const [{ provider }] = claims as [BilledClaim];
  const of = (members: readonly BilledClaim[]) => sumOf(members.map(({ charge }) => charge));
  return {
    beginning: { structure: '0085', purpose: '08', reference: `ACK-${control}`, date: day, time: '1200', type: 'TH' },
    sources: [
      {
        source: { name: { entity: 'AY', type: '2', name: 'SIMULATED CLEARINGHOUSE', idQualifier: '46', id: receiver } },
        trace: {
          trace: { number: `T-${control}` },
          dates: [
            { qualifier: '050', format: 'D8', value: day },
            { qualifier: '009', format: 'D8', value: day },
          ],
        },
        receivers: [
          {
            receiver: { name: { type: '2', name: 'CONCORD', idQualifier: '46', id: sender } },
            status: {
              trace: { number: `B-${control}` },
              statuses: [
                { status: { category: 'A1', status: '19', entity: 'PR' }, date: day, action: 'WQ', amount: of(claims) },
              ],
              quantities: [
                ...(taken.length ? [{ qualifier: '90', quantity: String(taken.length) }] : []),
                ...(away.length ? [{ qualifier: 'AA', quantity: String(away.length) }] : []),
              ],
              amounts: [
                ...(taken.length ? [{ qualifier: 'YU', amount: of(taken) }] : []),
                ...(away.length ? [{ qualifier: 'YY', amount: of(away) }] : []),
              ],
            },
            providers: [
              {
                provider: { name: { type: '2', name: provider.name, idQualifier: 'XX', id: provider.npi } },
                claims: claims.map((claim) => acknowledged(claim, day)),
              },
            ],
          },
        ],
      },
    ],
  };
}

function acknowledged(claim: BilledClaim, date: string) {
  const isAway = outcomeOf(claim) === 'turned-away';
  const status = isAway
    ? { category: 'A7', status: '33', entity: 'IL' }
    : { category: 'A2', status: '20', entity: 'PR' };
  return {
    patient: {
      name: {
        type: '1' as const,
        name: claim.patient.name,
        first: claim.patient.first,
        idQualifier: 'MI',
        id: claim.memberId,
      },
    },
    claim: {
      trace: { number: claim.number },
      statuses: [{ status, date, action: isAway ? 'U' : 'WQ', amount: claim.charge }],
      ...(isAway ? {} : { references: [{ qualifier: '1K', value: payerNumberOf(claim) }] }),
    },
  };
}

const payerNumberOf = ({ number }: BilledClaim): string => `P${number.replace(/\D/g, '')}`;

/** 835: one payment of one payer for its claims, which balances to the cent. */
export function remittanceOf(payer: string, claims: readonly BilledClaim[], control: number, at: Date): Remittance {
  const payments = claims.map(paymentOf);
  const [{ provider }] = claims as [BilledClaim];
  const amount = sumOf(payments.map(({ claim }) => claim.paid));
  return {
    payment: {
      handling: new Decimal(amount).isZero() ? 'H' : 'I',
      amount,
      creditOrDebit: 'C',
      method: new Decimal(amount).isZero() ? 'NON' : 'ACH',
      date: dayOf(at),
    },
    trace: { type: '1', number: `EFT${String(control).padStart(9, '0')}`, payer: '1999999999' },
    payer: {
      name: { name: `SIMULATED PAYER ${payer}`.slice(0, 60) },
      street: { line1: '9 PLAN STREET' },
      city: { city: 'SPRINGFIELD', state: 'IL', postalCode: '62701' },
      contacts: [{ function: 'BL', name: 'CLAIMS', numberQualifier: 'TE', number: '5550100300' }],
    },
    payee: { name: { name: provider.name, idQualifier: 'XX', id: provider.npi } },
    headers: [{ line: { number: '1' }, claims: payments }],
  };
}

function paymentOf(claim: BilledClaim): ClaimPayment {
  const isDenied = outcomeOf(claim) === 'denied';
  const lines = claim.lines.map((line) => ({ line, ...payLine(line.charge) }));
  return {
    claim: {
      number: claim.number,
      status: isDenied ? '4' : '1',
      charge: claim.charge,
      paid: isDenied ? '0' : sumOf(lines.map(({ paid }) => paid)),
      patientResponsibility: isDenied ? '0' : sumOf(lines.map(({ patient }) => patient)),
      filing: 'CI',
      payerNumber: payerNumberOf(claim),
    },
    names: [{ entity: 'QC', type: '1', name: claim.patient.name, first: claim.patient.first }],
    lines: lines.map(({ line, paid, contractual, patient }) => ({
      service: {
        procedure: { qualifier: line.code === line.revenueCode ? 'NU' : 'HC', code: line.code },
        charge: line.charge,
        paid: isDenied ? '0' : paid,
        units: line.units,
      },
      adjustments: isDenied
        ? [{ group: 'CO', adjustments: [{ reason: '197', amount: line.charge }] }]
        : [
            { group: 'CO', adjustments: [{ reason: '45', amount: contractual }] },
            { group: 'PR', adjustments: [{ reason: '2', amount: patient }] },
          ],
      references: [{ qualifier: '6R', value: line.number }],
    })),
  };
}
