import { times } from '@concord/canonical';
import { randomUUID } from 'node:crypto';
import { CHECK_UP, coverageOf, type UnderTest } from './subject.js';

/** The tests of the account of an encounter. @param of the connector under test, once it is there */
export function accounts(of: () => UnderTest): void {
  it('posts a charge at the price of the charge master, and takes it back', async () => {
    const { facility, chargeCode } = of();
    const { price } = await of().connector.readChargeItem(chargeCode);
    const charge = { encounterId: randomUUID(), facility, chargeCode, service: CHECK_UP, quantity: '2' };
    const key = randomUUID();
    const posted = await of().connector.createAccountCharge(key, { ...charge, serviceDate: '2026-03-02' });
    expect(posted).toMatchObject({ ...charge, status: 'posted', amount: times(price, '2') });
    await expect(of().connector.createAccountCharge(key, { ...charge, serviceDate: '2026-03-02' })).resolves.toEqual(
      posted,
    );
    const credited = await of().connector.creditAccountCharge(randomUUID(), posted.id);
    expect(credited).toEqual({ ...posted, status: 'credited', changedAt: credited.changedAt });
    const { items } = await of().connector.listAccountCharges({
      encounter_id: charge.encounterId,
      changed_since: credited.changedAt,
    });
    expect(items).toEqual([credited]);
  });

  it('keeps who insures an encounter, and changes it only for him who has seen what there is', async () => {
    const coverage = { ...coverageOf(randomUUID()), payer: of().payer };
    const entered = await of().connector.createCoverage(randomUUID(), coverage);
    await expect(of().connector.readCoverage(entered.id)).resolves.toMatchObject(coverage);
    const changed = await of().connector.changeCoverage(entered.id, entered.revision, { memberId: 'W000000002' });
    expect(changed.revision).not.toBe(entered.revision);
    const second = of().connector.changeCoverage(entered.id, entered.revision, { memberId: 'W000000003' });
    await expect(second).rejects.toMatchObject({ slug: 'stale' });
    const { items } = await of().connector.listCoverages({ encounter_id: coverage.encounterId });
    expect(items).toMatchObject([{ ...coverage, memberId: 'W000000002', revision: changed.revision }]);
  });
}
