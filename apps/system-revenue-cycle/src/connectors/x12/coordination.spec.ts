import { randomUUID } from 'node:crypto';
import { money, type NewClaim, type OtherPayerDecision, type OtherPayerLine } from '@concord/canonical';
import { INSTITUTIONAL_CLAIM, PROFESSIONAL_CLAIM, readWhole, type ProfessionalClaims } from '@concord/x12';
import fc from 'fast-check';
import { claimOf, line, startExchange, type Exchange } from './exchange.fixture.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

const adjustment = (group: 'PR' | 'CO', reason: string, amount: string) => ({ group, reason, amount: money(amount) });

const KINDS: [string, Partial<NewClaim>][] = [
  ['an institutional', { kind: 'institutional' }],
  ['a professional', { kind: 'professional', lines: [line('CH-IMM-FLU', '180.00'), line('CH-IMM-FLU', '45.05')] }],
];

/** A claim for Medicare as the second payer, of 180.00 and 45.05. */
async function secondary(wishes: Partial<NewClaim> = {}): Promise<NewClaim> {
  const claim = claimOf(wishes);
  await exchange.cover(claim.encounterId, { payer: 'MEDICARE', order: 'secondary' });
  await exchange.cover(claim.encounterId, { payer: 'PRIVATE', order: 'primary', memberId: 'W000000078' });
  return claim;
}

/** What the first payer decided of it as a whole: 15.00 less than the charge. */
const ofClaim: OtherPayerDecision = {
  payer: 'PRIVATE',
  decidedOn: '2026-02-20',
  paid: money('210.05'),
  adjustments: [adjustment('PR', '1', '10.00'), adjustment('CO', '45', '3.00'), adjustment('PR', '3', '2.00')],
  patientOwes: money('12.00'),
};

/** The first line is split by the payer, the second paid less; 4.00 are a deductible of the claim as a whole. */
const byLine: OtherPayerDecision = {
  payer: 'PRIVATE',
  decidedOn: '2026-02-20',
  paid: money('176.05'),
  adjustments: [adjustment('PR', '1', '4.00')],
  lines: [
    { line: 1, paid: money('100.00'), adjustments: [], procedure: 'G0008', modifiers: ['25'] },
    { line: 1, paid: money('50.00'), adjustments: [adjustment('CO', '45', '30.00')], decidedOn: '2026-02-23' },
    {
      line: 2,
      paid: money('30.05'),
      adjustments: [adjustment('PR', '2', '5.00'), adjustment('CO', '45', '10.00')],
      quantity: '2',
      bundledInto: 1,
      patientOwes: money('5.00'),
    },
  ],
};

const raise = (claim: NewClaim, ...otherDecisions: OtherPayerDecision[]) =>
  exchange.connector.createClaim(randomUUID(), { ...claim, otherDecisions });

/** The claim as the clearinghouse got it, read back by its guide with all its checks. */
async function sent(claim: NewClaim, decision: OtherPayerDecision) {
  const raised = await raise(claim, decision);
  expect(raised.otherDecisions).toEqual([decision]);
  await exchange.connector.sendNow();
  await exchange.becomes(raised.id, 'accepted');
  const set = exchange.setOf(raised);
  const guide = raised.kind === 'professional' ? PROFESSIONAL_CLAIM : INSTITUTIONAL_CLAIM;
  const { providers } = readWhole<ProfessionalClaims>(guide as typeof PROFESSIONAL_CLAIM, set);
  const segments = set.segments.map((segment) =>
    [segment.name, ...Array.from({ length: 10 }, (_, i) => segment.at(i + 1))].join('*').replace(/\*+$/, ''),
  );
  return { claim: providers[0]!.subscribers[0]!.claims![0]!, segments };
}

const faultsOf = (claim: NewClaim, ...decisions: OtherPayerDecision[]) =>
  raise(claim, ...decisions).then(
    () => [],
    ({ errors }: { errors: { pointer: string; code: string; detail: string }[] }) => errors,
  );

describe.each(KINDS)('%s claim for the next payer', (_, wishes) => {
  it('tells what the one before decided of it as a whole', async () => {
    const { claim } = await sent(await secondary(wishes), ofClaim);
    const [other] = claim.otherSubscribers!;
    expect(other).toMatchObject({
      adjustments: [
        { group: 'CO', adjustments: [{ reason: '45', amount: '3.00' }] },
        {
          group: 'PR',
          adjustments: [
            { reason: '1', amount: '10.00' },
            { reason: '3', amount: '2.00' },
          ],
        },
      ],
      amounts: [
        { qualifier: 'D', amount: '210.05' },
        { qualifier: 'EAF', amount: '12.00' },
      ],
    });
    expect(other!.parties!.find(({ name }) => name.entity === 'PR')!.dates).toMatchObject([
      { qualifier: '573', value: '20260220' },
    ]);
    expect(claim.lines.map(({ adjudications }) => adjudications)).toEqual([undefined, undefined]);
  });

  it('tells what the one before decided of each line', async () => {
    const { claim, segments } = await sent(await secondary(wishes), byLine);
    const revenueCode = wishes.kind === 'professional' ? {} : { revenueCode: expect.stringMatching(/^\d{4}$/) };
    const [first, second] = claim.lines.map(({ adjudications }) => adjudications);
    expect(first).toMatchObject([
      {
        adjudication: {
          payer: '60054',
          paid: '100.00',
          procedure: { qualifier: 'HC', code: 'G0008', modifier1: '25' },
          ...revenueCode,
          units: '1',
        },
        decidedOn: { format: 'D8', value: '20260220' },
      },
      {
        adjudication: { payer: '60054', paid: '50.00', ...revenueCode, units: '1' },
        adjustments: [{ group: 'CO', adjustments: [{ reason: '45', amount: '30.00' }] }],
        decidedOn: { format: 'D8', value: '20260223' },
      },
    ]);
    expect(second).toMatchObject([
      {
        adjudication: { payer: '60054', paid: '30.05', ...revenueCode, units: '2', bundledLine: '1' },
        adjustments: [
          { group: 'CO', adjustments: [{ reason: '45', amount: '10.00' }] },
          { group: 'PR', adjustments: [{ reason: '2', amount: '5.00' }] },
        ],
        remaining: { amount: '5.00' },
      },
    ]);
    // What the lines tell is not told again of the claim.
    expect(segments).toEqual(expect.arrayContaining(['CAS*PR*1*4.00', 'AMT*D*176.05', 'AMT*EAF*5.00']));
    expect(segments.filter((segment) => segment.startsWith('DTP*573'))).toHaveLength(3);
    expect(claim.otherSubscribers![0]!.parties!.flatMap(({ dates = [] }) => dates)).toEqual([]);
  });
});

describe('A claim whose parts do not agree', () => {
  it('is refused where a payer decided with whom no coverage is entered, or twice', async () => {
    const claim = claimOf();
    await exchange.cover(claim.encounterId, { payer: 'MEDICARE', order: 'secondary' });
    expect(await faultsOf(claim, ofClaim)).toMatchObject([{ pointer: '/otherDecisions/0/payer', code: 'no-coverage' }]);
    expect(await faultsOf(await secondary(), ofClaim, byLine)).toMatchObject([
      { pointer: '/otherDecisions/1/payer', code: 'payer-twice' },
    ]);
  });

  it('is refused where the whole is a cent off', async () => {
    expect(await faultsOf(await secondary(), { ...ofClaim, paid: money('210.04') })).toEqual([
      {
        pointer: '/otherDecisions/0',
        code: 'cob-balance',
        detail: 'The payment of PRIVATE and his adjustments come to 225.04, but the charge of the claim is 225.05',
      },
    ]);
  });

  const [first, split, second] = byLine.lines as [OtherPayerLine, OtherPayerLine, OtherPayerLine];
  it.each<[string, Partial<OtherPayerDecision>, { pointer: string; detail: string; code?: string }]>([
    [
      'where a line is a cent off',
      { lines: [first, split, { ...second, paid: money('30.06') }] },
      {
        pointer: '/lines/2',
        detail:
          'Line 2 (CH-IMM-FLU): the payment of PRIVATE and his adjustments come to 45.06, but the charge is 45.05',
      },
    ],
    [
      'where a line is left out',
      { lines: [first, split] },
      { pointer: '/lines', detail: 'Line 2 (CH-IMM-FLU) has no decision of PRIVATE, but other lines have' },
    ],
    [
      'where it does not have a line that was decided',
      { lines: [first, split, second, { line: 3, paid: money(0), adjustments: [] }] },
      { pointer: '/lines/3', code: 'no-line', detail: 'PRIVATE decided of a line that the claim does not have' },
    ],
    [
      'where the payment is not that of the lines',
      { paid: money('180.05') },
      {
        pointer: '/paid',
        detail: 'PRIVATE paid 180.05, but his payments of the lines less his adjustments of the claim are 176.05',
      },
    ],
    [
      'where the lines leave another amount to the patient',
      { patientOwes: money('5.01') },
      { pointer: '/patientOwes', detail: 'What PRIVATE leaves to the patient is 5.01, but 5.00 by his lines' },
    ],
    [
      'where an amount holds parts of a cent',
      { lines: [first, split, { ...second, paid: { amount: '30.051', currency: 'USD' } }] },
      { pointer: '', detail: 'What PRIVATE decided is not told in whole cents of USD' },
    ],
    [
      'where an amount is in another currency',
      { lines: [first, split, { ...second, paid: money('30.05', 'EUR') }] },
      { pointer: '', detail: 'What PRIVATE decided is not told in whole cents of USD' },
    ],
  ])('is refused %s', async (_, change, { pointer, detail, code = 'cob-balance' }) => {
    const faults = await faultsOf(await secondary(), { ...byLine, ...change });
    expect(faults).toEqual([{ pointer: `/otherDecisions/0${pointer}`, code, detail }]);
  });

  it('is refused, whatever the amounts, and taken where they agree', async () => {
    const claim = await secondary();
    const cents = (most: number) => fc.integer({ min: 0, max: most });
    const amounts = fc.tuple(cents(18_000), cents(4505), cents(500), fc.constantFrom(-1, 0, 1), fc.boolean());
    const usd = (value: number) => money(value / 100);
    const property = fc.asyncProperty(amounts, async ([one, two, deductible, off, isInLine]) => {
      const decision = {
        payer: 'PRIVATE',
        decidedOn: '2026-02-20',
        paid: usd(one + two - deductible + (isInLine ? 0 : off)),
        adjustments: [{ group: 'PR' as const, reason: '1', amount: usd(deductible) }],
        lines: [
          { line: 1, paid: usd(one), adjustments: [adjustment('CO', '45', usd(18_000 - one).amount)] },
          {
            line: 2,
            paid: usd(two),
            adjustments: [adjustment('CO', '45', usd(4505 - two + (isInLine ? off : 0)).amount)],
          },
        ],
      };
      const { encounterId } = await secondary();
      const faults = await faultsOf({ ...claim, encounterId }, decision);
      expect(faults.map(({ code }) => code)).toEqual(off === 0 ? [] : ['cob-balance']);
    });
    await fc.assert(property, { numRuns: 25 });
  });
});
