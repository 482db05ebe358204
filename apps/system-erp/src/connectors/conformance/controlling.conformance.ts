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

    test('an allocation by no weight, or in a closed period, is refused', async () => {
      const weightless = allocations().createCostAllocation(key(), allocation(['0', '1']));
      expect(await refusal(weightless)).toMatchObject({ slug: 'validation-failed' });
      const late = { ...allocation(['1', '1']), accountingDate: erp().longAgo };
      expect(await refusal(allocations().createCostAllocation(key(), late))).toMatchObject({ slug: 'period-closed' });
    });
  },
};

export const intercompany: CapabilitySuite = {
  capability: 'intercompany',
  sample: (erp) => erp.port('intercompany').listIntercompanyTransactions({}),
  tests: (erp) => {
    const transaction = () => {
      const { legalEntity, costCenter, expenseAccount: account, elsewhere } = erp().codes;
      return {
        accountingDate: erp().today,
        reference: document(),
        description: 'Laboratory services',
        provider: { legalEntity, costCenter, account },
        receiver: { ...elsewhere, account },
        amount: usd('412.35'),
      };
    };
    const intercompanies = () => erp().port('intercompany');

    test('what one legal entity provides to another is posted to both books, and both balance', async () => {
      const asked = transaction();
      const posted = await intercompanies().createIntercompanyTransaction(key(), asked);
      const entries = [await erp().balanced(posted.providerEntry), await erp().balanced(posted.receiverEntry)];
      expect(entries.map(({ legalEntity }) => legalEntity)).toEqual([
        asked.provider.legalEntity,
        asked.receiver.legalEntity,
      ]);
      expect(entries.map(({ total }) => total)).toEqual([asked.amount, asked.amount]);
      const query = { reference: asked.reference, legal_entity: asked.receiver.legalEntity };
      expect((await intercompanies().listIntercompanyTransactions(query)).items).toEqual([posted]);
    });

    test('what the second book refuses is not posted to the first', async () => {
      const asked = transaction();
      const receiver = { ...asked.receiver, costCenter: 'CC-MOON' };
      const posting = intercompanies().createIntercompanyTransaction(key(), { ...asked, receiver });
      expect(await refusal(posting)).toMatchObject({ slug: 'unknown-code' });
      const { reference } = asked;
      expect((await erp().port('journal').listJournalEntries({ reference })).items).toEqual([]);
    });

    test('a legal entity provides nothing to itself', async () => {
      const asked = transaction();
      const posting = intercompanies().createIntercompanyTransaction(key(), { ...asked, receiver: asked.provider });
      expect(await refusal(posting)).toMatchObject({ slug: 'validation-failed' });
    });

    test('a reversal takes both entries back', async () => {
      const asked = transaction();
      const { id } = await intercompanies().createIntercompanyTransaction(key(), asked);
      const reversed = await intercompanies().reverseIntercompanyTransaction(key(), id, { reason: 'Not provided' });
      expect(reversed).toMatchObject({ status: 'reversed' });
      const { items } = await erp().port('journal').listPostingStatuses({ reference: asked.reference });
      expect(items.map(({ status }) => status).sort()).toEqual(['posted', 'posted', 'reversed', 'reversed']);
    });
  },
};
