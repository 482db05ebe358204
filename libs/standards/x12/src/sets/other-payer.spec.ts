import fc from 'fast-check';
import { professionalClaim, professionalClaims } from '../fixture/claims.js';
import { enveloped } from '../fixture/envelopes.js';
import {
  checkShape,
  GuideRefusal,
  PROFESSIONAL_CLAIM,
  readWhole,
  readX12,
  setsOf,
  writeSet,
  type ProfessionalClaim,
} from '../index.js';

const PAYER = 'PLAN-0';

/** What the payer before decided of one line, in cents. */
interface Decided {
  readonly paid: number;
  readonly adjusted: readonly number[];
}

const dollars = (cents: number) => (cents / 100).toFixed(2);
const sum = (amounts: readonly number[]) => amounts.reduce((all, one) => all + one, 0);

/** A claim for the next payer. Each line is decided in one or several parts; `ofClaim` was taken off the claim as a whole. */
function secondary(lines: readonly (readonly Decided[])[], ofClaim: readonly number[], off: Partial<Off> = {}) {
  const { line = 0, claim = 0, payer = PAYER } = off;
  const charges = lines.map((parts) => sum(parts.map(({ paid, adjusted }) => paid + sum(adjusted))));
  const paid = sum(lines.flat().map((part) => part.paid)) - sum(ofClaim) + claim;
  const cas = (amounts: readonly number[]) =>
    amounts.length ? [{ group: 'PR', adjustments: amounts.map((one) => ({ reason: '1', amount: dollars(one) })) }] : [];
  const { claim: head, lines: models } = professionalClaim();
  const more: Partial<ProfessionalClaim> = {
    claim: { ...head, charge: dollars(sum(charges)) },
    otherSubscribers: [
      {
        subscriber: { order: 'P', relationship: '18', filing: 'CI' },
        adjustments: cas(ofClaim),
        amounts: [{ qualifier: 'D', amount: dollars(paid) }],
        parties: [
          { name: { entity: 'IL', type: '1', name: 'TESTPATIENT', first: 'ALPHA', idQualifier: 'MI', id: 'TEST0002' } },
          { name: { entity: 'PR', type: '2', name: 'FIRST PLAN', idQualifier: 'PI', id: PAYER } },
        ],
      },
    ],
    lines: lines.map((parts, index) => ({
      ...models[0]!,
      line: { number: String(index + 1) },
      service: { ...models[0]!.service, charge: dollars(charges[index]!) },
      adjudications: parts.map(({ paid: of, adjusted }, part) => ({
        adjudication: {
          payer,
          paid: dollars(of + (index === 0 && part === 0 ? line : 0)),
          procedure: { qualifier: 'HC', code: '99213', modifier1: '25' },
          units: '1',
        },
        adjustments: cas(adjusted),
        decidedOn: { format: 'D8', value: '20260220' },
      })),
    })),
  };
  return professionalClaims(professionalClaim(more));
}

/** By how many cents something is off on purpose. */
interface Off {
  readonly line: number;
  readonly claim: number;
  readonly payer: string;
}

const messages = (...claim: Parameters<typeof secondary>) =>
  checkShape(PROFESSIONAL_CLAIM, secondary(...claim)).map(({ level, message }) => `${level} ${message}`);

const TWO_LINES = [[{ paid: 7000, adjusted: [1000] }], [{ paid: 1500, adjusted: [500] }]];

// The figures of the example in §1.4.4 of the guide: payments of 70.00 and 15.00, of the claim 80.00.
test('line decisions are written as loop 2430 asks, and read back as the same', () => {
  const claims = secondary(TWO_LINES, [500]);
  const x12 = enveloped('HC', '005010X222A1', [writeSet(PROFESSIONAL_CLAIM, '0001', claims)]);
  const segments = x12.toString('latin1').split('~');
  expect(segments.slice(segments.indexOf('LX*1'), segments.indexOf('LX*2'))).toEqual([
    'LX*1',
    'SV1*HC:99213:25*80.00*UN*1***1:2',
    'DTP*472*D8*20260228',
    'SVD*PLAN-0*70.00*HC:99213:25**1',
    'CAS*PR*1*10.00',
    'DTP*573*D8*20260220',
  ]);
  const set = setsOf(readX12(x12))[0]!;
  expect(segments).toEqual(expect.arrayContaining(['CAS*PR*1*5.00', 'AMT*D*80.00']));
  expect(readWhole(PROFESSIONAL_CLAIM, set).providers[0]!.subscribers[0]!.claims![0]!.lines[1]!.adjudications).toEqual([
    {
      adjudication: {
        payer: PAYER,
        paid: '15.00',
        procedure: { qualifier: 'HC', code: '99213', modifier1: '25' },
        units: '1',
      },
      adjustments: [{ group: 'PR', adjustments: [{ reason: '1', amount: '5.00' }] }],
      decidedOn: { format: 'D8', value: '20260220' },
    },
  ]);
});

test('a line, a payment or a payer that does not agree is told to the biller', () => {
  expect(messages(TWO_LINES, [500], { line: 1 })).toEqual([
    '3 Claim CLM-17, service line 1: payments (SVD-02) and adjustments (CAS) of payer PLAN-0 come to 80.01, but the charge of the line (SV1-02) is 80.00',
    '3 Claim CLM-17: payer PLAN-0 paid 80.00 (AMT-02), but his payments of lines (SVD-02) less his adjustments of the claim (CAS) are 80.01',
  ]);
  expect(messages(TWO_LINES, [500], { claim: -1 })).toEqual([
    '3 Claim CLM-17: payer PLAN-0 paid 79.99 (AMT-02), but his payments of lines (SVD-02) less his adjustments of the claim (CAS) are 80.00',
    '3 Claim CLM-17: payment (AMT-02) and adjustments (CAS) of payer PLAN-0 come to 99.99, but the claim (CLM-02) to 100.00',
  ]);
  expect(messages(TWO_LINES, [500], { payer: 'PLAN-9' })).toContain(
    '3 Claim CLM-17, service line 2: SVD-01 names payer PLAN-9, who is not among the other payers of the claim',
  );
});

const cents = fc.integer({ min: 0, max: 5_000_000 });
const parts = fc.array(fc.record({ paid: cents, adjusted: fc.array(cents, { maxLength: 6 }) }), {
  minLength: 1,
  maxLength: 3,
});
const claim = fc.tuple(fc.array(parts, { minLength: 1, maxLength: 6 }), fc.array(cents, { maxLength: 6 }));

test('any claim that balances is written, split lines among them; a cent off anywhere, and it is not', () => {
  const property = fc.property(claim, fc.constantFrom(1, -1), ([lines, ofClaim], cent) => {
    const write = (off?: Partial<Off>) => writeSet(PROFESSIONAL_CLAIM, '0001', secondary(lines, ofClaim, off));
    expect(write().segments.filter(([name]) => name === 'SVD')).toHaveLength(lines.flat().length);
    expect(() => write({ line: cent })).toThrow(GuideRefusal);
    expect(() => write({ claim: cent })).toThrow(GuideRefusal);
  });
  fc.assert(property, { numRuns: 60 });
});
