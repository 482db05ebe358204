import { expect, test } from '@jest/globals';
import { plus } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

const cents = ({ amount }: { amount: string }) => new Decimal(amount);

export const items: CapabilitySuite = {
  capability: 'items',
  sample: (erp) => erp.port('items').listItems({}),
  tests: (erp) => {
    test('an item says what it costs and which account its purchase goes to', async () => {
      const { item, unit, inventoryAccount } = erp().codes;
      const read = await erp().port('items').readItem(item);
      expect(read).toMatchObject({ id: item, unit, kind: 'stocked', purchaseAccount: inventoryAccount });
      expect((await erp().port('items').listItems({ name: read.name.toUpperCase() })).items).toContainEqual(read);
    });

    test('an item that is not there is not found', async () => {
      expect(await refusal(erp().port('items').readItem('NO-SUCH-ITEM'))).toMatchObject({ slug: 'not-found' });
    });
  },
};

export const budgets: CapabilitySuite = {
  capability: 'budgets',
  sample: (erp) => erp.port('budgets').listBudgets({}),
  tests: (erp) => {
    const question = (amount: string) => {
      const { costCenter, expenseAccount } = erp().codes;
      return { cost_center: costCenter, account: expenseAccount, amount, date: erp().today };
    };

    test('what is left is the budget less what is committed and posted, and the verdict follows from it', async () => {
      const small = await erp().port('budgets').validateBudget(question('0.01'));
      const left = cents(small.budgeted).minus(cents(small.committed)).minus(cents(small.actual));
      expect(cents(small.available).equals(left)).toBe(true);
      expect(small.verdict).toBe('within-budget');
      const more = left.plus('0.01').toFixed(2);
      expect(await erp().port('budgets').validateBudget(question(more))).toMatchObject({ verdict: 'exceeded' });
    });

    test('a posting lowers what is left', async () => {
      const before = await erp().port('budgets').validateBudget(question('1.00'));
      const { legalEntity, costCenter, expenseAccount } = erp().codes;
      const line = (account: string, side: 'debit' | 'credit') => ({ account, costCenter, side, amount: usd('12.34') });
      const about = {
        legalEntity,
        accountingDate: erp().today,
        reference: key().replace('/', '-'),
        description: 'Spent',
      };
      const lines = [line(expenseAccount, 'debit'), line('1010', 'credit')];
      await erp()
        .port('journal')
        .createJournalEntry(key(), { ...about, lines });
      const after = await erp().port('budgets').validateBudget(question('1.00'));
      expect(cents(before.available).minus(cents(after.available)).toFixed(2)).toBe('12.34');
    });

    test('an unknown cost center is refused', async () => {
      const asking = erp()
        .port('budgets')
        .validateBudget({ ...question('1.00'), cost_center: 'CC-MOON' });
      expect(await refusal(asking)).toMatchObject({ slug: 'unknown-code' });
    });
  },
};

export const projects: CapabilitySuite = {
  capability: 'projects',
  sample: (erp) => erp.port('projects').listProjects({}),
  tests: (erp) => {
    test('every project says its period of performance, and what of its budget is left', async () => {
      const { items } = await erp().port('projects').listProjects({});
      expect(items.length).toBeGreaterThan(0);
      for (const project of items) {
        const { budget, committed, actual, available, startsOn, endsOn } = project;
        expect(cents(budget).minus(cents(committed)).minus(cents(actual)).equals(available.amount)).toBe(true);
        expect(startsOn <= endsOn).toBe(true);
        expect(await erp().port('projects').readProject(project.id)).toEqual(project);
      }
    });
  },
};

export const fixedAssets: CapabilitySuite = {
  capability: 'fixedAssets',
  sample: (erp) => erp.port('fixedAssets').listFixedAssets({}),
  tests: (erp) => {
    test('the book value of every asset is its cost less its depreciation', async () => {
      const { items } = await erp().port('fixedAssets').listFixedAssets({});
      expect(items.length).toBeGreaterThan(0);
      for (const asset of items) {
        expect(cents(asset.cost).minus(cents(asset.depreciation)).equals(asset.bookValue.amount)).toBe(true);
        expect(await erp().port('fixedAssets').readFixedAsset(asset.id)).toEqual(asset);
      }
    });
  },
};

export const valuation: CapabilitySuite = {
  capability: 'valuation',
  sample: (erp) => erp.port('valuation').listInventoryValuations({}),
  tests: (erp) => {
    test('the stock of an item is worth its quantity at the average cost', async () => {
      const { item, location } = erp().codes;
      const { items } = await erp().port('valuation').listInventoryValuations({ item, location });
      expect(items).toHaveLength(1);
      const { quantity, averageCost, value } = items[0]!;
      expect(new Decimal(quantity).times(averageCost).minus(value.amount).abs().lessThan('0.01')).toBe(true);
    });
  },
};

export const approvals: CapabilitySuite = {
  capability: 'approvals',
  sample: (erp) => erp.port('approvals').listApprovalLevels({}),
  tests: (erp) => {
    test('the larger the amount, the more levels approve it', async () => {
      const { costCenter: cost_center } = erp().codes;
      const levels = async (amount?: string) =>
        (await erp().port('approvals').listApprovalLevels({ cost_center, amount })).items.map(({ level }) => level);
      const [all, small, large] = [await levels(), await levels('1.00'), await levels('9999999.00')];
      expect(small.length).toBeGreaterThan(0);
      expect(large.length).toBeGreaterThanOrEqual(small.length);
      expect(large).toEqual(all);
    });

    test('who approves small amounts approves no large one, neither of an order nor of a requisition', async () => {
      const { costCenter: cost_center } = erp().codes;
      const { items } = await erp().port('approvals').listApprovalLevels({ cost_center });
      const { approver, upTo } = items.find((level) => level.upTo !== undefined)!;
      const unitPrice = plus(upTo!, usd('0.01'));
      const refused: unknown[] = [];
      if (erp().serves('purchaseOrders')) {
        const orders = erp().port('purchaseOrders');
        const order = await erp().newOrder([{ quantity: '1', unitPrice }]);
        const { id } = await orders.createPurchaseOrder(key(), order);
        await orders.stepPurchaseOrder(id, 'submit');
        refused.push(await refusal(orders.stepPurchaseOrder(id, 'approve', { approver })));
        expect(await orders.readPurchaseOrder(id)).toMatchObject({ status: 'submitted' });
      }
      if (erp().serves('requisitions')) {
        const requisitions = erp().port('requisitions');
        const { id } = await requisitions.createRequisition(
          key(),
          erp().newRequisition([{ quantity: '1', unitPrice }]),
        );
        await requisitions.stepRequisition(id, 'submit');
        refused.push(await refusal(requisitions.stepRequisition(id, 'approve', { approver })));
        expect(await requisitions.readRequisition(id)).toMatchObject({ status: 'submitted' });
      }
      expect(refused.length).toBeGreaterThan(0);
      for (const end of refused) expect(end).toMatchObject({ slug: 'approval-rejected' });
    });
  },
};
