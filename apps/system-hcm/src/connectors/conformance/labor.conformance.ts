import { minus, money, times, total, type NewLaborAllocation } from '@concord/canonical';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { HcmTarget } from './target.js';

/** The next millisecond. */
const justAfter = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString();

/** Until the clock shows another millisecond, where it moves. */
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** Labor is booked once, to the cent, and reversed once. */
export function laborConformance(name: string, target: () => HcmTarget): void {
  describe(`Labor of the ${name} connector`, () => {
    const hcm = () => target().connector.labor;

    /** An allocation that costs what the target's own rates say. */
    async function allocationOf(...hours: string[]): Promise<NewLaborAllocation> {
      const { facility, costCenter, connector } = target();
      const { items: rates } = await connector.labor.listLaborRates({});
      const lines = hours.map((worked, i) => {
        const { role, hourlyCost } = rates[i % rates.length]!;
        return { role, serviceLine: 'PRIMARY-CARE', costCenter, hours: worked, cost: times(hourlyCost, worked) };
      });
      return { reference: randomUUID(), facility, date: '2026-03-02', lines };
    }

    it('has a rate for every role', async () => {
      const { items } = await hcm().listLaborRates({});
      expect(items.map(({ role }) => role)).toEqual(['nurse', 'other', 'physician', 'technician', 'therapist']);
      await expect(hcm().listLaborRates({ role: 'nurse' })).resolves.toEqual({ items: [items[0]] });
    });

    it('finds rates by when they were changed', async () => {
      const { items: all } = await hcm().listLaborRates({});
      const latest = all
        .map(({ changedAt }) => changedAt)
        .sort()
        .at(-1)!;
      const { items } = await hcm().listLaborRates({ changed_since: latest });
      expect(items).toEqual(all.filter(({ changedAt }) => changedAt === latest));
      await expect(hcm().listLaborRates({ changed_since: justAfter(latest) })).resolves.toEqual({ items: [] });
    });

    it('books an allocation and reads back what it booked', async () => {
      const allocation = await allocationOf('0.25', '1.5');
      const booked = await hcm().createLaborAllocation(randomUUID(), allocation);
      expect(booked).toMatchObject({ ...allocation, status: 'booked' });
      await expect(hcm().readLaborAllocation(booked.id)).resolves.toEqual(booked);
      await expect(hcm().listLaborAllocations({ reference: allocation.reference })).resolves.toEqual({
        items: [booked],
      });
    });

    it('books one allocation when the same business key comes twenty times at once', async () => {
      const allocation = await allocationOf('2');
      const key = randomUUID();
      const all = await Promise.all(Array.from({ length: 20 }, () => hcm().createLaborAllocation(key, allocation)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      const { items } = await hcm().listLaborAllocations({ reference: allocation.reference });
      expect(items).toHaveLength(1);
    });

    it('adds the cost of the lines to the cost of the allocation, to the cent', async () => {
      const hours = fc.integer({ min: 1, max: 50_000 }).map((hundredths) => money(hundredths / 100).amount);
      const property = fc.asyncProperty(fc.array(hours, { minLength: 1, maxLength: 12 }), async (worked) => {
        const allocation = await allocationOf(...worked);
        const booked = await hcm().createLaborAllocation(randomUUID(), allocation);
        expect(booked.cost).toEqual(total(allocation.lines.map(({ cost }) => cost)));
      });
      await fc.assert(property, { numRuns: 25 });
    });

    it.each(['0', '-1', '500.01'])('refuses %s hours', async (hours) => {
      const booking = hcm().createLaborAllocation(randomUUID(), await allocationOf(hours));
      await expect(booking).rejects.toMatchObject({ slug: 'upstream-rejected', context: { hours } });
    });

    it('lets a cent of rounding pass, and refuses a cost that is two cents off', async () => {
      const allocation = await allocationOf('1.25');
      const offBy = (cents: string) => ({
        ...allocation,
        lines: allocation.lines.map((line) => ({ ...line, cost: minus(line.cost, money(cents)) })),
      });
      await expect(hcm().createLaborAllocation(randomUUID(), offBy('0.01'))).resolves.toBeDefined();
      const refused = hcm().createLaborAllocation(randomUUID(), offBy('-0.02'));
      await expect(refused).rejects.toMatchObject({ slug: 'upstream-rejected' });
    });

    it('refuses a facility it does not know, and a line without a cost center', async () => {
      const allocation = await allocationOf('1');
      const elsewhere = { ...allocation, facility: 'CLINIC-NOWHERE' };
      await expect(hcm().createLaborAllocation(randomUUID(), elsewhere)).rejects.toMatchObject({
        slug: 'unknown-code',
        context: { facility: 'CLINIC-NOWHERE' },
      });
      const nowhere = { ...allocation, lines: allocation.lines.map((line) => ({ ...line, costCenter: '' })) };
      await expect(hcm().createLaborAllocation(randomUUID(), nowhere)).rejects.toMatchObject({ slug: 'unknown-code' });
    });

    it('reverses an allocation once, hour for hour and cent for cent', async () => {
      const key = randomUUID();
      const booked = await hcm().createLaborAllocation(key, await allocationOf('0.25', '3'));
      const reason = { reason: 'Encounter corrected', accountingDate: '2026-03-31' };
      const reversal = await hcm().reverseLaborAllocation(key, booked.id, reason);
      expect(reversal).toMatchObject({ reverses: booked.id, date: '2026-03-31', reference: booked.reference });
      expect(total([booked.cost, reversal.cost])).toEqual(money(0));
      expect(reversal.lines.map(({ hours }) => hours)).toEqual(['-0.25', '-3']);
      await expect(hcm().reverseLaborAllocation(key, booked.id, reason)).resolves.toEqual(reversal);
      await expect(hcm().readLaborAllocation(booked.id)).resolves.toMatchObject({
        status: 'reversed',
        reversedBy: reversal.id,
      });
      await expect(hcm().reverseLaborAllocation(randomUUID(), booked.id, reason)).rejects.toMatchObject({
        slug: 'conflict',
        context: { reversedBy: reversal.id },
      });
      await expect(hcm().reverseLaborAllocation(randomUUID(), reversal.id, reason)).rejects.toMatchObject({
        slug: 'conflict',
      });
    });

    it('finds an allocation by when it was booked, and again by when it was reversed', async () => {
      const booked = await hcm().createLaborAllocation(randomUUID(), await allocationOf('1'));
      const { reference } = booked;
      const since = (changed_since: string) => hcm().listLaborAllocations({ reference, changed_since });
      await expect(since(booked.changedAt)).resolves.toEqual({ items: [booked] });
      await expect(since(justAfter(booked.changedAt))).resolves.toEqual({ items: [] });
      await soon();
      const why = { reason: 'Encounter corrected' };
      const reversal = await hcm().reverseLaborAllocation(randomUUID(), booked.id, why);
      const { items } = await since(reversal.changedAt);
      expect(items.map(({ id }) => id)).toEqual([booked.id, reversal.id]);
      expect(items[0]!.changedAt).toBe(reversal.bookedAt);
      await expect(since(justAfter(reversal.changedAt))).resolves.toEqual({ items: [] });
    });

    it('lets one of twenty reversals at once win', async () => {
      const booked = await hcm().createLaborAllocation(randomUUID(), await allocationOf('1'));
      const reversing = Array.from({ length: 20 }, () =>
        hcm().reverseLaborAllocation(randomUUID(), booked.id, { reason: 'Encounter corrected' }),
      );
      const outcomes = await Promise.allSettled(reversing);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { items } = await hcm().listLaborAllocations({ reference: booked.reference });
      expect(total(items.map(({ cost }) => cost))).toEqual(money(0));
    });

    it('finds no allocation under a number it did not give', async () => {
      for (const id of ['LA-999999999', 'LA-1', 'nothing']) {
        await expect(hcm().readLaborAllocation(id)).rejects.toMatchObject({ slug: 'not-found' });
      }
    });
  });
}
