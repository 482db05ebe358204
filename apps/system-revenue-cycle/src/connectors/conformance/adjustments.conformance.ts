import { money } from '@concord/canonical';
import { randomUUID } from 'node:crypto';
import type { UnderTest } from './subject.js';

/** The tests of adjustments that no payer made. @param of the connector under test, once it is there */
export function adjustments(of: () => UnderTest): void {
  it('takes an adjustment off what is open, once, and never more than that', async () => {
    const claim = await of().raisedClaim();
    const key = randomUUID();
    const off = {
      claimNumber: claim.number,
      kind: 'write-off' as const,
      amount: money('30.00'),
      effectiveOn: '2026-03-20',
      reason: 'Small balance',
    };
    const entered = await of().connector.createAdjustment(key, off);
    await expect(of().connector.createAdjustment(key, off)).resolves.toEqual(entered);
    await expect(of().connector.readAdjustment(entered.id)).resolves.toEqual(entered);
    await expect(of().connector.readPatientBalance(claim.encounterId)).resolves.toMatchObject({
      open: money('150.00'),
    });
    const more = { ...off, amount: money('150.01') };
    await expect(of().connector.createAdjustment(randomUUID(), more)).rejects.toMatchObject({
      slug: 'upstream-rejected',
    });
    const { items } = await of().connector.listAdjustments({ claim: claim.id });
    expect(items).toEqual([entered]);
  });

  it('reports every line of a batch of adjustments, and works it in once', async () => {
    const claim = await of().raisedClaim();
    const line = (claimNumber: string, amount: string) => ({
      claimNumber,
      kind: 'courtesy' as const,
      amount: money(amount),
      effectiveOn: '2026-03-20',
      reason: 'Courtesy',
    });
    const adjustments = [line(claim.number, '10.00'), line('CLM-999999999', '5.00'), line(claim.number, '20.00')];
    const batch = { batch: `B-${randomUUID().slice(0, 8)}`, adjustments, total: money('35.00') };
    const report = await of().connector.createAdjustmentBatch(batch);
    expect(report).toMatchObject({ status: 'taken', entered: money('30.00'), refused: money('5.00') });
    expect(report.lines.map(({ outcome }) => outcome)).toEqual(['entered', 'refused', 'entered']);
    await expect(of().connector.createAdjustmentBatch(batch)).resolves.toEqual(report);
    await expect(of().connector.readAdjustmentBatch(batch.batch)).resolves.toEqual(report);
    const other = { ...batch, adjustments: [line(claim.number, '35.00')] };
    await expect(of().connector.createAdjustmentBatch(other)).rejects.toMatchObject({ slug: 'conflict' });
    const lossy = { ...batch, batch: `${batch.batch}-2`, total: money('36.00') };
    const refused = await of().connector.createAdjustmentBatch(lossy);
    expect(refused).toMatchObject({ status: 'refused', entered: money('0.00'), lines: [] });
    await expect(of().connector.readPatientBalance(claim.encounterId)).resolves.toMatchObject({
      open: money('150.00'),
    });
  });
}
