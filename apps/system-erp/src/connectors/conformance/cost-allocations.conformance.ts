import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

const document = () => `DOC-${randomUUID()}`;

export const costAllocations: CapabilitySuite = {
  capability: 'costAllocations',
  sample: (erp) => erp.port('costAllocations').listCostAllocations({}),
  tests: (erp) => {
    const allocation = (weights: readonly string[], amount = '100.00') => {
      const { legalEntity, expenseAccount: account, costCenter, otherCostCenter } = erp().codes;
      const shares = weights.map((weight, n) => ({ costCenter: n ? otherCostCenter : costCenter, weight }));
      const about = { legalEntity, accountingDate: erp().today, reference: document(), description: 'Equipment lease' };
      return { ...about, account, from: costCenter, amount: usd(amount), shares };
    };
    const allocations = () => erp().port('costAllocations');

    test('a cost is split by weight to the cent, and its entry balances', async () => {
      const allocated = await allocations().createCostAllocation(key(), allocation(['1', '2']));
      expect(allocated.shares.map(({ amount }) => amount)).toEqual([usd('33.33'), usd('66.67')]);
      expect(await erp().balanced(allocated.journalEntry)).toMatchObject({ total: usd('100.00') });
      expect(await allocations().readCostAllocation(allocated.id)).toEqual(allocated);
    });

    test('an allocation is posted once for a business key, and reversed once', async () => {
      const [businessKey, asked] = [key(), allocation(['1', '1'])];
      const posted = await Promise.all([1, 2, 3].map(() => allocations().createCostAllocation(businessKey, asked)));
      expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
      const back = { reason: 'Wrong basis' };
      const reversed = await allocations().reverseCostAllocation(key(), posted[0]!.id, back);
      expect(reversed).toMatchObject({ status: 'reversed' });
      expect(await allocations().reverseCostAllocation(key(), posted[0]!.id, back)).toEqual(reversed);
      const { items } = await erp().port('journal').listPostingStatuses({ reference: asked.reference });
      expect(items.map(({ status }) => status)).toEqual(['reversed', 'posted']);
    });

    test('the entry of an allocation is not reversed without the allocation', async () => {
      const asked = allocation(['1', '1']);
      const { id: costAllocation, journalEntry } = await allocations().createCostAllocation(key(), asked);
      await erp().isNotReversedAlone(journalEntry, { costAllocation });
      const back = await allocations().reverseCostAllocation(key(), costAllocation, { reason: 'Wrong basis' });
      expect(back).toMatchObject({ status: 'reversed' });
    });

    test('an allocation that names what the books do not know is refused', async () => {
      const asked = allocation(['1', '1']);
      const shares = [{ costCenter: 'CC-MOON', weight: '1' }];
      const unknown = [{ legalEntity: 'NOBODY' }, { account: '0000' }, { from: 'CC-MOON' }, { shares }];
      for (const wrong of unknown) {
        const allocating = allocations().createCostAllocation(key(), { ...asked, ...wrong });
        expect(await refusal(allocating)).toMatchObject({ slug: 'unknown-code' });
      }
    });

    test('an allocation by no weight, or in a closed period, is refused', async () => {
      const weightless = allocations().createCostAllocation(key(), allocation(['0', '1']));
      expect(await refusal(weightless)).toMatchObject({ slug: 'validation-failed' });
      const late = { ...allocation(['1', '1']), accountingDate: erp().longAgo };
      expect(await refusal(allocations().createCostAllocation(key(), late))).toMatchObject({ slug: 'period-closed' });
    });
  },
};
