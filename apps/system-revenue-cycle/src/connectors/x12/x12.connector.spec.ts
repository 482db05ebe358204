import { randomUUID } from 'node:crypto';
import { money, type NewClaim } from '@concord/canonical';
import { connectorConformance } from '../connector.conformance.js';
import { claimOf, DAY, line, startExchange, type Exchange } from './exchange.fixture.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

connectorConformance('x12', () => ({
  connector: exchange.connector,
  facility: 'CLINIC-NORTH',
  payer: 'MEDICAID',
  chargeCode: 'CH-VISIT-CHECKUP',
  ready: (encounterId) => exchange.cover(encounterId, { payer: 'MEDICAID' }),
}));

describe('A claim over the clearinghouse', () => {
  it('goes out, is understood, is taken in, and is paid days later to the cent', async () => {
    const claim = await exchange.raise();
    expect(claim.kind).toBe('institutional');
    await exchange.connector.sendNow();
    const accepted = await exchange.becomes(claim.id, 'accepted');
    expect(accepted.history.map(({ source }) => source)).toEqual(['concord', 'concord', 'acknowledgment', 'payer']);
    expect(accepted.payerClaimNumber).toMatch(/^P\d+$/);
    await exchange.clock.turn(15 * DAY);
    await exchange.becomes(claim.id, 'paid');
    const { items } = await exchange.connector.listRemittances({ status: 'posted', page_size: 500 });
    const remittance = items.find(({ claims }) => claims.some(({ claimNumber }) => claimNumber === claim.number))!;
    const [paid] = remittance.claims.filter(({ claimNumber }) => claimNumber === claim.number);
    expect(paid!.lines).toHaveLength(2);
    await expect(exchange.connector.readPatientBalance(claim.encounterId)).resolves.toMatchObject({
      charged: money('225.05'),
      paidByPayers: money('135.02'), // 108.00 + 27.02 (45.05 less 13.52 and 4.51)
      adjusted: money('67.52'),
      patientOwes: money('22.51'),
      open: money('22.51'),
    });
  });

  it('that is denied is shown with its reason, line by line', async () => {
    const claim = await exchange.raise({}, { memberId: 'D00000001' });
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'accepted');
    await exchange.clock.turn(15 * DAY);
    await exchange.becomes(claim.id, 'denied');
    const { items } = await exchange.connector.listDenials({ claim: claim.id });
    expect(items).toMatchObject([
      { line: 1, group: 'CO', reason: '197', amount: money('180.00') },
      { line: 2, group: 'CO', reason: '197', amount: money('45.05') },
    ]);
  });

  it('that the payer does not know is rejected with its codes', async () => {
    const claim = await exchange.raise({}, { memberId: 'X00000001' });
    await exchange.connector.sendNow();
    const { history } = await exchange.becomes(claim.id, 'rejected');
    expect(history.at(-1)).toMatchObject({ source: 'payer', codes: ['A7:33'] });
  });

  it('of a professional kind goes with HCPCS codes', async () => {
    const claim = await exchange.raise({ kind: 'professional', lines: [line('CH-IMM-FLU', '45.00')] });
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'accepted');
  });

  it('that is voided after it was taken in is taken back with the number of the payer', async () => {
    const claim = await exchange.raise();
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'accepted');
    await exchange.connector.voidClaim(randomUUID(), claim.id, { reason: 'Encounter corrected' });
    await exchange.connector.sendNow();
    const sent = await exchange.rowsOf('sent_claim');
    const own = sent.filter(({ claim: number }) => `CLM-${String(number as number).padStart(6, '0')}` === claim.id);
    expect(own.map(({ purpose }) => purpose).sort()).toEqual(['original', 'void']);
  });
});

describe('An 837', () => {
  /** The segments of the set of a claim, as the clearinghouse got it. */
  const sentFor = async (claim: { id: string; number: string }) => {
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'accepted');
    return exchange
      .setOf(claim)
      .segments.map((each) => [each.name, each.at(1), each.at(2), each.at(3), each.at(9)].join('*'));
  };
  const provider = { npi: '1234567893', familyName: 'Testarzt', givenName: 'Beta' };

  it.each([
    ['an institutional', '71', {}],
    ['a professional', '82', { kind: 'professional' as const, lines: [line('CH-IMM-FLU', '45.00')] }],
  ])('of %s claim names who treated, the authorization and the other payer', async (_, entity, wishes) => {
    const claim = claimOf({ ...wishes, provider });
    await exchange.cover(claim.encounterId, { payer: 'MEDICARE', authorizationNumber: 'AUTH-778' });
    await exchange.cover(claim.encounterId, { payer: 'PRIVATE', order: 'secondary', memberId: 'W000000077' });
    const segments = await sentFor(await exchange.connector.createClaim(randomUUID(), claim));
    expect(segments).toEqual(
      expect.arrayContaining([
        'SBR*P*18**MA',
        `NM1*${entity}*1*TESTARZT*1234567893`,
        'REF*G1*AUTH-778**',
        'SBR*S*18**CI',
        'NM1*IL*1*SYNTHETICA*W000000077',
        'NM1*PR*2*PRIVATE INSURANCE*60054',
      ]),
    );
  });

  it('is not raised without the authorization that the payer wants, nor with a wrong identifier of who treated', async () => {
    const claim = claimOf({
      payer: 'PRIVATE',
      lines: [line('CH-PROC-CABG', '45000.00')],
      provider: { ...provider, npi: '1234567890' },
    });
    await exchange.cover(claim.encounterId, { payer: 'PRIVATE' });
    const refused = exchange.connector.createClaim(randomUUID(), claim);
    await expect(refused).rejects.toMatchObject({
      slug: 'coding-incomplete',
      errors: expect.arrayContaining([
        expect.objectContaining({ code: 'npi' }),
        expect.objectContaining({ code: 'no-authorization' }),
      ]),
    });
  });
});

describe('What no payer would take', () => {
  const refusal = (claim: NewClaim) =>
    exchange.connector.createClaim(randomUUID(), claim).then(
      () => undefined,
      (error: { slug: string; errors: { code: string; detail: string }[] }) => error,
    );

  it('is refused without a coverage', async () => {
    expect(await refusal(claimOf())).toMatchObject({ slug: 'coding-incomplete', errors: [{ code: 'no-coverage' }] });
  });

  it('is refused with every fault, in words for a biller and without a name', async () => {
    const claim = claimOf({ kind: 'professional', diagnoses: [], serviceDate: '2024-03-01' });
    await exchange.cover(claim.encounterId, { familyName: 'SYNTH*TICA' });
    const { errors } = (await refusal(claim))!;
    expect(errors.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['no-diagnosis', 'timely-filing', 'no-procedure']),
    );
    expect(errors.map(({ detail }) => detail)).toContain(
      'Line 1 (CH-VISIT-CHECKUP) has no HCPCS code, which a professional claim needs',
    );
    expect(JSON.stringify(errors)).not.toContain('TICA');
  });

  it('is refused where a value holds a delimiter', async () => {
    const claim = claimOf();
    await exchange.cover(claim.encounterId, { familyName: 'SYNTH*TICA' });
    expect(await refusal(claim)).toMatchObject({ slug: 'coding-incomplete' });
  });

  it('is not sent for somebody who pays himself', async () => {
    const claim = await exchange.connector.createClaim(randomUUID(), claimOf({ payer: 'SELF-PAY' }));
    await exchange.connector.sendNow();
    await expect(exchange.connector.readClaim(claim.id)).resolves.toMatchObject({ status: 'ready' });
  });
});
