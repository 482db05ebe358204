/**
 * What every revenue cycle connector must do, whatever stands behind it. A connector's own spec calls this with a
 * connector that is connected to a target it may write to.
 */
import {
  money,
  plus,
  times,
  total,
  type ChangesQuery,
  type Claim,
  type NewClaim,
  type NewCoverage,
  type NewRemittanceClaim,
} from '@concord/canonical';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { RevenueCycleConnector } from '../connector.js';

export interface RevenueCycleTarget {
  readonly connector: RevenueCycleConnector;
  /** A facility, a payer and a charge code that the target knows. */
  readonly facility: string;
  readonly payer: string;
  readonly chargeCode: string;
  /** What an encounter needs before the target takes a claim for it. */
  readonly ready?: (encounterId: string) => Promise<unknown>;
}

const COMMON_COLD = { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J00' };
const CHECK_UP = { system: 'http://snomed.info/sct', code: '185349003' };

export function connectorConformance(name: string, target: () => RevenueCycleTarget): void {
  describe(`The ${name} connector of the revenue cycle`, () => {
    const revenueCycle = () => target().connector;

    async function claimOf(...amounts: string[]): Promise<NewClaim> {
      const { facility, payer, chargeCode, ready } = target();
      const encounterId = randomUUID();
      await ready?.(encounterId);
      const lines = amounts.map((amount) => ({ chargeCode, service: CHECK_UP, quantity: '1', charge: money(amount) }));
      return { encounterId, facility, payer, serviceDate: '2026-03-02', lines, diagnoses: [COMMON_COLD] };
    }

    it('pages through the charge master, each entry once', async () => {
      const all = await revenueCycle().listChargeItems({ page_size: 500 });
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await revenueCycle().listChargeItems({ page_size: 20, page_token });
        seen.push(...page.items.map(({ code }) => code));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(seen).toEqual(all.items.map(({ code }) => code));
      expect(new Set(seen).size).toBe(seen.length);
    });

    it('reads an entry of the charge master, and lists it with its service line', async () => {
      const item = await revenueCycle().readChargeItem(target().chargeCode);
      expect(item.code).toBe(target().chargeCode);
      const { items } = await revenueCycle().listChargeItems({ service_line: item.serviceLine, page_size: 500 });
      expect(items).toContainEqual(item);
      expect(items.every(({ serviceLine }) => serviceLine === item.serviceLine)).toBe(true);
      await expect(revenueCycle().readChargeItem('CH-NOTHING')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('reads a payer it has listed, and no other', async () => {
      const { items } = await revenueCycle().listPayers({});
      const payer = items.find(({ code }) => code === target().payer);
      await expect(revenueCycle().readPayer(target().payer)).resolves.toEqual(payer);
      await expect(revenueCycle().readPayer('NOBODY')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('finds charges, payers and their rules by when they were changed', async () => {
      const lists = [
        (query: ChangesQuery) => revenueCycle().listChargeItems(query),
        (query: ChangesQuery) => revenueCycle().listPayers(query),
        (query: ChangesQuery) => revenueCycle().listPayerRules(query),
      ];
      for (const list of lists) {
        const { items: all } = await list({ page_size: 500 });
        const latest = all
          .map(({ changedAt }) => changedAt)
          .sort()
          .at(-1)!;
        const { items } = await list({ page_size: 500, changed_since: latest });
        expect(items).toEqual(all.filter(({ changedAt }) => changedAt === latest));
        expect(items).not.toEqual([]);
        const later = new Date(Date.parse(latest) + 1).toISOString();
        await expect(list({ changed_since: later })).resolves.toEqual({ items: [] });
      }
    });

    it('raises a claim and reads back what it raised', async () => {
      const claim = await claimOf('180.00', '45.00');
      const raised = await revenueCycle().createClaim(randomUUID(), claim);
      expect(raised).toMatchObject({ ...claim, status: 'ready', charge: money('225.00') });
      await expect(revenueCycle().readClaim(raised.id)).resolves.toEqual(raised);
      const { encounterId: encounter_id, payer } = claim;
      await expect(revenueCycle().listClaims({ encounter_id, payer, status: 'ready' })).resolves.toEqual({
        items: [raised],
      });
      await expect(revenueCycle().listClaims({ encounter_id, status: 'void' })).resolves.toEqual({ items: [] });
    });

    it('finds claims by when they were changed, and remembers who treated', async () => {
      const provider = { npi: '1234567893', familyName: 'Testarzt' };
      const raised = await revenueCycle().createClaim(randomUUID(), { ...(await claimOf('180.00')), provider });
      expect(raised.provider).toEqual(provider);
      const { items } = await revenueCycle().listClaims({ changed_since: raised.changedAt, page_size: 500 });
      expect(items.map(({ id }) => id)).toContain(raised.id);
      const changed_since = new Date(Date.parse(raised.changedAt) + 3_600_000).toISOString();
      await expect(revenueCycle().listClaims({ changed_since })).resolves.toEqual({ items: [] });
    });

    it('lists what of files could not be used, and knows no other', async () => {
      const { items } = await revenueCycle().listReceivedFiles({ status: 'open' });
      expect(items.every(({ faults }) => faults.length > 0)).toBe(true);
      await expect(revenueCycle().readReceivedFile('RF-000000')).rejects.toMatchObject({ slug: 'not-found' });
      await expect(revenueCycle().retryReceivedFile('RF-000000')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('charges the sum of the lines and expects the share of the payer, for any amounts', async () => {
      const { expectedShare } = await revenueCycle().readPayer(target().payer);
      const amount = fc.integer({ min: 1, max: 50_000_000 }).map((cents) => money(cents / 100).amount);
      const property = fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 12 }), async (amounts) => {
        const claim = await claimOf(...amounts);
        const raised = await revenueCycle().createClaim(randomUUID(), claim);
        expect(raised.charge).toEqual(claim.lines.map(({ charge }) => charge).reduce(plus));
        expect(raised.expected).toEqual(times(raised.charge, expectedShare));
      });
      await fc.assert(property, { numRuns: 25 });
    });

    it('raises one claim when the same business key comes twenty times at once', async () => {
      const claim = await claimOf('180.00');
      const key = randomUUID();
      const all = await Promise.all(Array.from({ length: 20 }, () => revenueCycle().createClaim(key, claim)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      const { items } = await revenueCycle().listClaims({ encounter_id: claim.encounterId });
      expect(items).toHaveLength(1);
    });

    it('raises one claim for an encounter when twenty callers try at once, and names it to the others', async () => {
      const claim = await claimOf('180.00');
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => revenueCycle().createClaim(randomUUID(), claim)),
      );
      const { items } = await revenueCycle().listClaims({ encounter_id: claim.encounterId });
      expect(items).toHaveLength(1);
      const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refusals).toHaveLength(19);
      for (const { reason } of refusals) {
        expect(reason).toMatchObject({ slug: 'conflict', context: { claim: items[0]!.number } });
      }
    });

    it('voids a claim once, and then lets its encounter be claimed again', async () => {
      const claim = await claimOf('180.00');
      const key = randomUUID();
      const first = await revenueCycle().createClaim(key, claim);
      const why = { reason: 'Encounter corrected' };
      const voided = await revenueCycle().voidClaim(key, first.id, why);
      expect(voided).toEqual({ ...first, status: 'void', changedAt: expect.any(String) });
      await expect(revenueCycle().voidClaim(key, first.id, why)).resolves.toEqual(voided);
      await expect(revenueCycle().voidClaim(randomUUID(), first.id, why)).rejects.toMatchObject({
        slug: 'conflict',
        context: { claim: first.number },
      });
      const second = await revenueCycle().createClaim(randomUUID(), claim);
      expect(second.id).not.toBe(first.id);
      await expect(revenueCycle().createClaim(key, claim)).resolves.toEqual(voided);
      const live = await revenueCycle().listClaims({ encounter_id: claim.encounterId, status: 'ready' });
      expect(total(live.items.map(({ charge }) => charge))).toEqual(money('180.00'));
    });

    it('refuses a facility, a payer and a charge code that it does not know', async () => {
      const claim = await claimOf('180.00');
      const refused = (wrong: Partial<NewClaim>) =>
        expect(revenueCycle().createClaim(randomUUID(), { ...claim, ...wrong })).rejects;
      await refused({ facility: 'NOWHERE' }).toMatchObject({ slug: 'unknown-code', context: { facility: 'NOWHERE' } });
      await refused({ payer: 'NOBODY' }).toMatchObject({ slug: 'unknown-code', context: { payer: 'NOBODY' } });
      const lines = claim.lines.map((line) => ({ ...line, chargeCode: 'NONE' }));
      await refused({ lines }).toMatchObject({ slug: 'unknown-code', context: { chargeCode: 'NONE' } });
    });

    it('refuses a line without a charge, without a quantity, or in another currency', async () => {
      const claim = await claimOf('180.00');
      const [line] = claim.lines;
      for (const wrong of [{ charge: money('0.00') }, { quantity: '0' }, { charge: money('180.00', 'EUR') }]) {
        const raising = revenueCycle().createClaim(randomUUID(), { ...claim, lines: [{ ...line!, ...wrong }] });
        await expect(raising).rejects.toMatchObject({ slug: 'upstream-rejected' });
      }
    });

    it('finds no claim under a number it did not give', async () => {
      for (const id of ['CLM-999999999', 'CLM-1', 'nothing']) {
        await expect(revenueCycle().readClaim(id)).rejects.toMatchObject({ slug: 'not-found' });
        await expect(revenueCycle().voidClaim(randomUUID(), id, { reason: 'None' })).rejects.toMatchObject({
          slug: 'not-found',
        });
      }
    });

    /** What a payer says of a claim that it pays in part: 45 by contract, the rest less 20 by the patient. */
    function paidInPart(
      { number, charge }: Claim,
      paid: string,
      contractual: string,
      patient: string,
    ): NewRemittanceClaim {
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

    async function raisedClaim(amount = '180.00'): Promise<Claim> {
      const claim = await claimOf(amount);
      return revenueCycle().createClaim(randomUUID(), claim);
    }

    it('settles a claim with a payment once, however often the payment comes', async () => {
      const claim = await raisedClaim();
      const sent = payment('100.00', paidInPart(claim, '100.00', '60.00', '20.00'));
      const first = await revenueCycle().createRemittance(randomUUID(), sent);
      expect(first).toMatchObject({ status: 'posted', claims: [{ matched: true, encounterId: claim.encounterId }] });
      await expect(revenueCycle().createRemittance(randomUUID(), sent)).resolves.toEqual(first);
      await expect(revenueCycle().readRemittance(first.id)).resolves.toEqual(first);
      await expect(revenueCycle().readPatientBalance(claim.encounterId)).resolves.toMatchObject({
        charged: money('180.00'),
        paidByPayers: money('100.00'),
        adjusted: money('60.00'),
        patientOwes: money('20.00'),
        open: money('20.00'),
      });
      const status = await revenueCycle().readClaimStatus(claim.id);
      expect(status).toMatchObject({ status: 'paid', payerClaimNumber: `P-${claim.number}` });
      expect(status.history.filter(({ source }) => source === 'remittance')).toHaveLength(1);
      const other = { ...sent, amount: money('101.00') };
      await expect(revenueCycle().createRemittance(randomUUID(), other)).rejects.toMatchObject({ slug: 'conflict' });
    });

    it('holds a payment that is a cent off, and works it in when it comes again and balances', async () => {
      const claim = await raisedClaim();
      const wrong = payment('100.01', paidInPart(claim, '100.00', '60.00', '20.00'));
      const held = await revenueCycle().createRemittance(randomUUID(), wrong);
      expect(held.status).toBe('held');
      expect(held.heldBecause).toContain('100.01');
      await expect(revenueCycle().readClaim(claim.id)).resolves.toMatchObject({ status: claim.status });
      const { items } = await revenueCycle().listRemittances({ status: 'held', page_size: 500 });
      expect(items).toContainEqual(held);
      const right = { ...wrong, amount: money('100.00') };
      const posted = await revenueCycle().createRemittance(randomUUID(), right);
      expect(posted).toMatchObject({ id: held.id, status: 'posted' });
      await expect(revenueCycle().readClaim(claim.id)).resolves.toMatchObject({ status: 'paid' });
    });

    it('takes what a payer keeps back into the balance of a payment', async () => {
      const claim = await raisedClaim();
      const kept = { ...payment('75.00', paidInPart(claim, '100.00', '60.00', '20.00')) };
      const providerAdjustments = [{ reason: 'WO', reference: 'OLD-1', amount: money('25.00') }];
      const posted = await revenueCycle().createRemittance(randomUUID(), { ...kept, providerAdjustments });
      expect(posted).toMatchObject({ status: 'posted', providerAdjustments });
    });

    it('shows a denial with its reason', async () => {
      const claim = await raisedClaim();
      const { id: remittanceId } = await revenueCycle().createRemittance(randomUUID(), payment('0.00', denied(claim)));
      const { items } = await revenueCycle().listDenials({ claim: claim.id });
      expect(items).toMatchObject([{ remittanceId, group: 'CO', reason: '197', amount: money('180.00') }]);
      await expect(revenueCycle().readDenial(items[0]!.id)).resolves.toEqual(items[0]);
      await expect(revenueCycle().readClaim(claim.id)).resolves.toMatchObject({ status: 'denied' });
    });

    it('keeps a payment for a claim that is none of ours', async () => {
      const claim = await raisedClaim();
      const foreign = { ...denied(claim), claimNumber: `X-${randomUUID().slice(0, 8)}`, statusCode: '1' };
      const own = paidInPart(claim, '100.00', '60.00', '20.00');
      const { id, claims } = await revenueCycle().createRemittance(randomUUID(), payment('100.00', own, foreign));
      expect(claims.map(({ matched }) => matched)).toEqual([true, false]);
      const { items } = await revenueCycle().listUnmatchedPayments({ claim: foreign.claimNumber });
      expect(items).toMatchObject([{ remittanceId: id, claimNumber: foreign.claimNumber }]);
    });

    it('takes an adjustment off what is open, once, and never more than that', async () => {
      const claim = await raisedClaim();
      const key = randomUUID();
      const off = {
        claimNumber: claim.number,
        kind: 'write-off' as const,
        amount: money('30.00'),
        effectiveOn: '2026-03-20',
        reason: 'Small balance',
      };
      const entered = await revenueCycle().createAdjustment(key, off);
      await expect(revenueCycle().createAdjustment(key, off)).resolves.toEqual(entered);
      await expect(revenueCycle().readAdjustment(entered.id)).resolves.toEqual(entered);
      await expect(revenueCycle().readPatientBalance(claim.encounterId)).resolves.toMatchObject({
        open: money('150.00'),
      });
      const more = { ...off, amount: money('150.01') };
      await expect(revenueCycle().createAdjustment(randomUUID(), more)).rejects.toMatchObject({
        slug: 'upstream-rejected',
      });
      const { items } = await revenueCycle().listAdjustments({ claim: claim.id });
      expect(items).toEqual([entered]);
    });

    it('reports every line of a batch of adjustments, and works it in once', async () => {
      const claim = await raisedClaim();
      const line = (claimNumber: string, amount: string) => ({
        claimNumber,
        kind: 'courtesy' as const,
        amount: money(amount),
        effectiveOn: '2026-03-20',
        reason: 'Courtesy',
      });
      const adjustments = [line(claim.number, '10.00'), line('CLM-999999999', '5.00'), line(claim.number, '20.00')];
      const batch = { batch: `B-${randomUUID().slice(0, 8)}`, adjustments, total: money('35.00') };
      const report = await revenueCycle().createAdjustmentBatch(batch);
      expect(report).toMatchObject({ status: 'taken', entered: money('30.00'), refused: money('5.00') });
      expect(report.lines.map(({ outcome }) => outcome)).toEqual(['entered', 'refused', 'entered']);
      await expect(revenueCycle().createAdjustmentBatch(batch)).resolves.toEqual(report);
      await expect(revenueCycle().readAdjustmentBatch(batch.batch)).resolves.toEqual(report);
      const other = { ...batch, adjustments: [line(claim.number, '35.00')] };
      await expect(revenueCycle().createAdjustmentBatch(other)).rejects.toMatchObject({ slug: 'conflict' });
      const lossy = { ...batch, batch: `${batch.batch}-2`, total: money('36.00') };
      const refused = await revenueCycle().createAdjustmentBatch(lossy);
      expect(refused).toMatchObject({ status: 'refused', entered: money('0.00'), lines: [] });
      await expect(revenueCycle().readPatientBalance(claim.encounterId)).resolves.toMatchObject({
        open: money('150.00'),
      });
    });

    it('posts a charge at the price of the charge master, and takes it back', async () => {
      const { facility, chargeCode } = target();
      const { price } = await revenueCycle().readChargeItem(chargeCode);
      const charge = { encounterId: randomUUID(), facility, chargeCode, service: CHECK_UP, quantity: '2' };
      const key = randomUUID();
      const posted = await revenueCycle().createAccountCharge(key, { ...charge, serviceDate: '2026-03-02' });
      expect(posted).toMatchObject({ ...charge, status: 'posted', amount: times(price, '2') });
      await expect(revenueCycle().createAccountCharge(key, { ...charge, serviceDate: '2026-03-02' })).resolves.toEqual(
        posted,
      );
      const credited = await revenueCycle().creditAccountCharge(randomUUID(), posted.id);
      expect(credited).toEqual({ ...posted, status: 'credited', changedAt: credited.changedAt });
      const { items } = await revenueCycle().listAccountCharges({
        encounter_id: charge.encounterId,
        changed_since: credited.changedAt,
      });
      expect(items).toEqual([credited]);
    });

    it('keeps who insures an encounter, and changes it only for him who has seen what there is', async () => {
      const coverage = { ...coverageOf(randomUUID()), payer: target().payer };
      const entered = await revenueCycle().createCoverage(randomUUID(), coverage);
      await expect(revenueCycle().readCoverage(entered.id)).resolves.toMatchObject(coverage);
      const changed = await revenueCycle().changeCoverage(entered.id, entered.revision, { memberId: 'W000000002' });
      expect(changed.revision).not.toBe(entered.revision);
      const second = revenueCycle().changeCoverage(entered.id, entered.revision, { memberId: 'W000000003' });
      await expect(second).rejects.toMatchObject({ slug: 'stale' });
      const { items } = await revenueCycle().listCoverages({ encounter_id: coverage.encounterId });
      expect(items).toMatchObject([{ ...coverage, memberId: 'W000000002', revision: changed.revision }]);
    });

    it('says what each payer asks of a claim', async () => {
      const { items } = await revenueCycle().listPayerRules({ payer: target().payer });
      expect(items).toMatchObject([{ payer: target().payer, timelyFilingDays: expect.any(Number) }]);
    });
  });
}

/** A synthetic subscriber. */
export const coverageOf = (encounterId: string): NewCoverage => ({
  encounterId,
  payer: 'MEDICARE',
  memberId: 'W000000001',
  familyName: 'SYNTHETICA',
  givenName: 'TESTA',
  birthDate: '1970-01-01',
  gender: 'female',
  street: '1 SAMPLE ST',
  city: 'TESTVILLE',
  state: 'MI',
  zip: '489330000',
});
