import { money, plus, times, total, type NewClaim, type OtherPayerDecision, type Problem } from '@concord/canonical';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { coverageOf, type UnderTest } from './subject.js';

/** The tests of claims. @param of the connector under test, once it is there */
export function claims(of: () => UnderTest): void {
  it('raises a claim and reads back what it raised', async () => {
    const claim = await of().claim('180.00', '45.00');
    const raised = await of().connector.createClaim(randomUUID(), claim);
    expect(raised).toMatchObject({ ...claim, status: 'ready', charge: money('225.00') });
    await expect(of().connector.readClaim(raised.id)).resolves.toEqual(raised);
    const { encounterId: encounter_id, payer } = claim;
    await expect(of().connector.listClaims({ encounter_id, payer, status: 'ready' })).resolves.toEqual({
      items: [raised],
    });
    await expect(of().connector.listClaims({ encounter_id, status: 'void' })).resolves.toEqual({ items: [] });
  });

  it('finds claims by when they were changed, and remembers who treated', async () => {
    const provider = { npi: '1234567893', familyName: 'Testarzt' };
    const raised = await of().connector.createClaim(randomUUID(), { ...(await of().claim('180.00')), provider });
    expect(raised.provider).toEqual(provider);
    const { items } = await of().connector.listClaims({ changed_since: raised.changedAt, page_size: 500 });
    expect(items.map(({ id }) => id)).toContain(raised.id);
    const changed_since = new Date(Date.parse(raised.changedAt) + 3_600_000).toISOString();
    await expect(of().connector.listClaims({ changed_since })).resolves.toEqual({ items: [] });
  });

  it('charges the sum of the lines and expects the share of the payer, for any amounts', async () => {
    const { expectedShare } = await of().connector.readPayer(of().payer);
    const amount = fc.integer({ min: 1, max: 50_000_000 }).map((cents) => money(cents / 100).amount);
    const property = fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 12 }), async (amounts) => {
      const claim = await of().claim(...amounts);
      const raised = await of().connector.createClaim(randomUUID(), claim);
      expect(raised.charge).toEqual(claim.lines.map(({ charge }) => charge).reduce(plus));
      expect(raised.expected).toEqual(times(raised.charge, expectedShare));
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it('raises one claim when the same business key comes twenty times at once', async () => {
    const claim = await of().claim('180.00');
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => of().connector.createClaim(key, claim)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    const { items } = await of().connector.listClaims({ encounter_id: claim.encounterId });
    expect(items).toHaveLength(1);
  });

  it('raises one claim for an encounter when twenty callers try at once, and names it to the others', async () => {
    const claim = await of().claim('180.00');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => of().connector.createClaim(randomUUID(), claim)),
    );
    const { items } = await of().connector.listClaims({ encounter_id: claim.encounterId });
    expect(items).toHaveLength(1);
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refusals).toHaveLength(19);
    for (const { reason } of refusals) {
      expect(reason).toMatchObject({ slug: 'conflict', context: { claim: items[0]!.number } });
    }
  });

  it('voids a claim once, and then lets its encounter be claimed again', async () => {
    const claim = await of().claim('180.00');
    const key = randomUUID();
    const first = await of().connector.createClaim(key, claim);
    const why = { reason: 'Encounter corrected' };
    const voided = await of().connector.voidClaim(key, first.id, why);
    expect(voided).toEqual({ ...first, status: 'void', changedAt: expect.any(String) });
    await expect(of().connector.voidClaim(key, first.id, why)).resolves.toEqual(voided);
    await expect(of().connector.voidClaim(randomUUID(), first.id, why)).rejects.toMatchObject({
      slug: 'conflict',
      context: { claim: first.number },
    });
    const second = await of().connector.createClaim(randomUUID(), claim);
    expect(second.id).not.toBe(first.id);
    await expect(of().connector.createClaim(key, claim)).resolves.toEqual(voided);
    const live = await of().connector.listClaims({ encounter_id: claim.encounterId, status: 'ready' });
    expect(total(live.items.map(({ charge }) => charge))).toEqual(money('180.00'));
  });

  it('refuses a facility, a payer and a charge code that it does not know', async () => {
    const claim = await of().claim('180.00');
    const refused = (wrong: Partial<NewClaim>) =>
      expect(of().connector.createClaim(randomUUID(), { ...claim, ...wrong })).rejects;
    await refused({ facility: 'NOWHERE' }).toMatchObject({ slug: 'unknown-code', context: { facility: 'NOWHERE' } });
    await refused({ payer: 'NOBODY' }).toMatchObject({ slug: 'unknown-code', context: { payer: 'NOBODY' } });
    const lines = claim.lines.map((line) => ({ ...line, chargeCode: 'NONE' }));
    await refused({ lines }).toMatchObject({ slug: 'unknown-code', context: { chargeCode: 'NONE' } });
  });

  it('refuses a line without a charge, without a quantity, or in another currency', async () => {
    const claim = await of().claim('180.00');
    const [line] = claim.lines;
    for (const wrong of [{ charge: money('0.00') }, { quantity: '0' }, { charge: money('180.00', 'EUR') }]) {
      const raising = of().connector.createClaim(randomUUID(), { ...claim, lines: [{ ...line!, ...wrong }] });
      await expect(raising).rejects.toMatchObject({ slug: 'upstream-rejected' });
    }
  });

  it('keeps what another payer decided where it comes to the charge, and refuses with every fault where it does not', async () => {
    const { connector, payer } = of();
    const other = (await connector.listPayers({})).items.find(({ code }) => code !== payer)!.code;
    const claim = await of().claim('180.00', '45.00');
    await connector.createCoverage(randomUUID(), { ...coverageOf(claim.encounterId), payer: other, order: 'primary' });
    const decided = (paid: string, lines?: readonly string[]): OtherPayerDecision => ({
      payer: other,
      decidedOn: '2026-03-20',
      paid: money(paid),
      adjustments: [],
      ...(lines ? { lines: lines.map((one, i) => ({ line: i + 1, paid: money(one), adjustments: [] })) } : {}),
    });
    const faultsOf = (...otherDecisions: OtherPayerDecision[]) =>
      connector.createClaim(randomUUID(), { ...claim, otherDecisions }).then(
        () => 'raised',
        ({ slug, errors }: Problem) => [slug, ...(errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)],
      );
    await expect(faultsOf(decided('224.99'))).resolves.toEqual(['coding-incomplete', '/otherDecisions/0 cob-balance']);
    await expect(faultsOf(decided('225.00', ['180.01', '44.99']))).resolves.toEqual([
      'coding-incomplete',
      '/otherDecisions/0/lines/0 cob-balance',
      '/otherDecisions/0/lines/1 cob-balance',
    ]);
    await expect(faultsOf(decided('225.00'), decided('225.00'))).resolves.toEqual([
      'coding-incomplete',
      '/otherDecisions/1/payer payer-twice',
    ]);
    const otherDecisions = [decided('225.00', ['180.00', '45.00'])];
    const raised = await connector.createClaim(randomUUID(), { ...claim, otherDecisions });
    expect((await connector.readClaim(raised.id)).otherDecisions).toEqual(otherDecisions);
  });

  it('finds no claim under a number it did not give', async () => {
    for (const id of ['CLM-999999999', 'CLM-1', 'nothing']) {
      await expect(of().connector.readClaim(id)).rejects.toMatchObject({ slug: 'not-found' });
      await expect(of().connector.voidClaim(randomUUID(), id, { reason: 'None' })).rejects.toMatchObject({
        slug: 'not-found',
      });
    }
  });
}
