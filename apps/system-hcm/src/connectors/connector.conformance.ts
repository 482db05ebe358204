/**
 * What every connector for human capital management must do, whatever stands behind it. A connector's own spec calls
 * this with a connector that is connected to a target it may write to.
 */
import { minus, money, times, total, type NewLaborAllocation } from '@concord/canonical';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { HcmConnector } from '../connector.js';

export interface HcmTarget {
  readonly connector: HcmConnector;
  /** A facility and a cost center that the target knows. */
  readonly facility: string;
  readonly costCenter: string;
}

export function connectorConformance(name: string, target: () => HcmTarget): void {
  describe(`The ${name} connector of human capital management`, () => {
    const hcm = () => target().connector;

    /** An allocation that costs what the target's own rates say. */
    async function allocationOf(...hours: string[]): Promise<NewLaborAllocation> {
      const { facility, costCenter, connector } = target();
      const { items: rates } = await connector.listLaborRates({});
      const lines = hours.map((worked, i) => {
        const { role, hourlyCost } = rates[i % rates.length]!;
        return { role, serviceLine: 'PRIMARY-CARE', costCenter, hours: worked, cost: times(hourlyCost, worked) };
      });
      return { reference: randomUUID(), facility, date: '2026-03-02', lines };
    }

    it('pages through all workers, each once', async () => {
      const all = await hcm().listWorkers({ page_size: 500 });
      const seen: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await hcm().listWorkers({ page_size: 7, page_token });
        seen.push(...page.items.map(({ id }) => id));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(seen).toEqual(all.items.map(({ id }) => id));
      expect(new Set(seen).size).toBe(seen.length);
    });

    it('reads a worker it has listed, and finds nobody under another number', async () => {
      const [worker] = (await hcm().listWorkers({ page_size: 1 })).items;
      await expect(hcm().readWorker(worker!.id)).resolves.toEqual(worker);
      await expect(hcm().readWorker('W-nobody')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('lists only workers of the role, status and cost center asked for', async () => {
      const [worker] = (await hcm().listWorkers({ role: 'nurse', status: 'active' })).items;
      const asked = { role: worker!.role, status: worker!.status, cost_center: worker!.costCenter };
      const { items } = await hcm().listWorkers(asked);
      expect(items.map(({ id }) => id)).toContain(worker!.id);
      expect(items.every((one) => one.role === 'nurse' && one.costCenter === worker!.costCenter)).toBe(true);
    });

    it('lists shifts of one worker on one day', async () => {
      const [shift] = (await hcm().listShifts({ page_size: 1 })).items;
      const { workerId: worker_id, facility, date } = shift!;
      await expect(hcm().listShifts({ worker_id, facility, date })).resolves.toEqual({ items: [shift] });
      await expect(hcm().listShifts({ worker_id, facility: 'CLINIC-NOWHERE' })).resolves.toEqual({ items: [] });
    });

    it('has a rate for every role', async () => {
      const { items } = await hcm().listLaborRates({});
      expect(items.map(({ role }) => role)).toEqual(['nurse', 'other', 'physician', 'technician', 'therapist']);
      await expect(hcm().listLaborRates({ role: 'nurse' })).resolves.toEqual({ items: [items[0]] });
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
