/**
 * What every revenue cycle connector must do, whatever stands behind it. A connector's own spec calls this with a
 * connector that is connected to a target it may write to.
 */
import { money, plus, times, total, type NewClaim } from '@concord/canonical';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { RevenueCycleConnector } from '../connector.js';

export interface RevenueCycleTarget {
  readonly connector: RevenueCycleConnector;
  /** A facility, a payer and a charge code that the target knows. */
  readonly facility: string;
  readonly payer: string;
  readonly chargeCode: string;
}

const CHECK_UP = { system: 'http://snomed.info/sct', code: '185349003' };

export function connectorConformance(name: string, target: () => RevenueCycleTarget): void {
  describe(`The ${name} connector of the revenue cycle`, () => {
    const revenueCycle = () => target().connector;

    function claimOf(...amounts: string[]): NewClaim {
      const { facility, payer, chargeCode } = target();
      const lines = amounts.map((amount) => ({ chargeCode, service: CHECK_UP, quantity: '1', charge: money(amount) }));
      return { encounterId: randomUUID(), facility, payer, serviceDate: '2026-03-02', lines };
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

    it('raises a claim and reads back what it raised', async () => {
      const claim = claimOf('180.00', '45.00');
      const raised = await revenueCycle().createClaim(randomUUID(), claim);
      expect(raised).toMatchObject({ ...claim, status: 'ready', charge: money('225.00') });
      await expect(revenueCycle().readClaim(raised.id)).resolves.toEqual(raised);
      const { encounterId: encounter_id, payer } = claim;
      await expect(revenueCycle().listClaims({ encounter_id, payer, status: 'ready' })).resolves.toEqual({
        items: [raised],
      });
      await expect(revenueCycle().listClaims({ encounter_id, status: 'void' })).resolves.toEqual({ items: [] });
    });

    it('charges the sum of the lines and expects the share of the payer, for any amounts', async () => {
      const { expectedShare } = await revenueCycle().readPayer(target().payer);
      const amount = fc.integer({ min: 1, max: 50_000_000 }).map((cents) => money(cents / 100).amount);
      const property = fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 12 }), async (amounts) => {
        const claim = claimOf(...amounts);
        const raised = await revenueCycle().createClaim(randomUUID(), claim);
        expect(raised.charge).toEqual(claim.lines.map(({ charge }) => charge).reduce(plus));
        expect(raised.expected).toEqual(times(raised.charge, expectedShare));
      });
      await fc.assert(property, { numRuns: 25 });
    });

    it('raises one claim when the same business key comes twenty times at once', async () => {
      const claim = claimOf('180.00');
      const key = randomUUID();
      const all = await Promise.all(Array.from({ length: 20 }, () => revenueCycle().createClaim(key, claim)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      const { items } = await revenueCycle().listClaims({ encounter_id: claim.encounterId });
      expect(items).toHaveLength(1);
    });

    it('raises one claim for an encounter when twenty callers try at once, and names it to the others', async () => {
      const claim = claimOf('180.00');
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
      const claim = claimOf('180.00');
      const key = randomUUID();
      const first = await revenueCycle().createClaim(key, claim);
      const why = { reason: 'Encounter corrected' };
      const voided = await revenueCycle().voidClaim(key, first.id, why);
      expect(voided).toEqual({ ...first, status: 'void' });
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
      const claim = claimOf('180.00');
      const refused = (wrong: Partial<NewClaim>) =>
        expect(revenueCycle().createClaim(randomUUID(), { ...claim, ...wrong })).rejects;
      await refused({ facility: 'NOWHERE' }).toMatchObject({ slug: 'unknown-code', context: { facility: 'NOWHERE' } });
      await refused({ payer: 'NOBODY' }).toMatchObject({ slug: 'unknown-code', context: { payer: 'NOBODY' } });
      const lines = claim.lines.map((line) => ({ ...line, chargeCode: 'NONE' }));
      await refused({ lines }).toMatchObject({ slug: 'unknown-code', context: { chargeCode: 'NONE' } });
    });

    it('refuses a line without a charge, without a quantity, or in another currency', async () => {
      const claim = claimOf('180.00');
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
  });
}
