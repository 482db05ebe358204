import { money, type Claim, type NewRemittanceClaim } from '@concord/canonical';
import { randomUUID } from 'node:crypto';
import type { UnderTest } from './subject.js';

/** The tests of what payers say of claims. @param of the connector under test, once it is there */
export function remittances(of: () => UnderTest): void {
  it('settles a claim with a payment once, however often the payment comes', async () => {
    const claim = await of().raisedClaim();
    const sent = payment('100.00', paidInPart(claim, '100.00', '60.00', '20.00'));
    const first = await of().connector.createRemittance(randomUUID(), sent);
    expect(first).toMatchObject({ status: 'posted', claims: [{ matched: true, encounterId: claim.encounterId }] });
    await expect(of().connector.createRemittance(randomUUID(), sent)).resolves.toEqual(first);
    await expect(of().connector.readRemittance(first.id)).resolves.toEqual(first);
    await expect(of().connector.readPatientBalance(claim.encounterId)).resolves.toMatchObject({
      charged: money('180.00'),
      paidByPayers: money('100.00'),
      adjusted: money('60.00'),
      patientOwes: money('20.00'),
      open: money('20.00'),
    });
    const status = await of().connector.readClaimStatus(claim.id);
    expect(status).toMatchObject({ status: 'paid', payerClaimNumber: `P-${claim.number}` });
    expect(status.history.filter(({ source }) => source === 'remittance')).toHaveLength(1);
    const other = { ...sent, amount: money('101.00') };
    await expect(of().connector.createRemittance(randomUUID(), other)).rejects.toMatchObject({ slug: 'conflict' });
  });

  it('holds a payment that is a cent off, and works it in when it comes again and balances', async () => {
    const claim = await of().raisedClaim();
    const wrong = payment('100.01', paidInPart(claim, '100.00', '60.00', '20.00'));
    const held = await of().connector.createRemittance(randomUUID(), wrong);
    expect(held.status).toBe('held');
    expect(held.heldBecause).toContain('100.01');
    await expect(of().connector.readClaim(claim.id)).resolves.toMatchObject({ status: claim.status });
    const { items } = await of().connector.listRemittances({ status: 'held', page_size: 500 });
    expect(items).toContainEqual(held);
    const right = { ...wrong, amount: money('100.00') };
    const posted = await of().connector.createRemittance(randomUUID(), right);
    expect(posted).toMatchObject({ id: held.id, status: 'posted' });
    await expect(of().connector.readClaim(claim.id)).resolves.toMatchObject({ status: 'paid' });
  });

  it('takes what a payer keeps back into the balance of a payment', async () => {
    const claim = await of().raisedClaim();
    const kept = { ...payment('75.00', paidInPart(claim, '100.00', '60.00', '20.00')) };
    const providerAdjustments = [{ reason: 'WO', reference: 'OLD-1', amount: money('25.00') }];
    const posted = await of().connector.createRemittance(randomUUID(), { ...kept, providerAdjustments });
    expect(posted).toMatchObject({ status: 'posted', providerAdjustments });
  });

  it('shows a denial with its reason', async () => {
    const claim = await of().raisedClaim();
    const { id: remittanceId } = await of().connector.createRemittance(randomUUID(), payment('0.00', denied(claim)));
    const { items } = await of().connector.listDenials({ claim: claim.id });
    expect(items).toMatchObject([{ remittanceId, group: 'CO', reason: '197', amount: money('180.00') }]);
    await expect(of().connector.readDenial(items[0]!.id)).resolves.toEqual(items[0]);
    await expect(of().connector.readClaim(claim.id)).resolves.toMatchObject({ status: 'denied' });
  });

  it('keeps a payment for a claim that is none of ours', async () => {
    const claim = await of().raisedClaim();
    const foreign = { ...denied(claim), claimNumber: `X-${randomUUID().slice(0, 8)}`, statusCode: '1' };
    const own = paidInPart(claim, '100.00', '60.00', '20.00');
    const { id, claims } = await of().connector.createRemittance(randomUUID(), payment('100.00', own, foreign));
    expect(claims.map(({ matched }) => matched)).toEqual([true, false]);
    const { items } = await of().connector.listUnmatchedPayments({ claim: foreign.claimNumber });
    expect(items).toMatchObject([{ remittanceId: id, claimNumber: foreign.claimNumber }]);
  });
}

/** What a payer says of a claim that it pays in part: 45 by contract, the rest less 20 by the patient. */
function paidInPart({ number, charge }: Claim, paid: string, contractual: string, patient: string): NewRemittanceClaim {
  const adjustments = [
    { group: 'CO' as const, reason: '45', amount: money(contractual) },
    { group: 'PR' as const, reason: '1', amount: money(patient) },
  ];
  const amounts = { charge, paid: money(paid), patientResponsibility: money(patient) };
  return {
    claimNumber: number,
    statusCode: '1',
    payerClaimNumber: `P-${number}`,
    ...amounts,
    adjustments,
    lines: [],
  };
}

function denied({ number, charge }: Claim): NewRemittanceClaim {
  const adjustments = [{ group: 'CO' as const, reason: '197', amount: charge }];
  const amounts = { charge, paid: money(0), patientResponsibility: money(0) };
  return { claimNumber: number, statusCode: '4', ...amounts, adjustments, lines: [] };
}

const payment = (amount: string, ...claims: NewRemittanceClaim[]) => ({
  payer: 'PAYER-1',
  traceNumber: `EFT-${randomUUID().slice(0, 12)}`,
  paidOn: '2026-03-20',
  amount: money(amount),
  claims,
  providerAdjustments: [],
});
