import { expect, test } from '@jest/globals';
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
  },
};

export const reservations: CapabilitySuite = {
  capability: 'reservations',
  sample: (erp) => erp.port('reservations').listReservations({}),
  tests: (erp) => {
    const reservations = () => erp().port('reservations');
    const wish = (quantity: string) => {
      const { item, location, unit } = erp().codes;
      return { item, location, unit, quantity, reference: key().replace('/', '-'), neededOn: erp().today };
    };

    test('what is set aside is found by its purpose, and released once', async () => {
      const asked = wish('2');
      const reserved = await reservations().createReservation(key(), asked);
      expect(reserved).toMatchObject({ ...asked, status: 'reserved' });
      expect((await reservations().listReservations({ reference: asked.reference })).items).toEqual([reserved]);
      const released = await reservations().releaseReservation(reserved.id);
      expect(released).toMatchObject({ status: 'released' });
      expect(await reservations().releaseReservation(reserved.id)).toEqual(released);
    });

    test('the same business key many times at once sets aside once', async () => {
      const [businessKey, asked] = [key(), wish('1')];
      const reserving = () => reservations().createReservation(businessKey, asked);
      const reserved = await erp().atOnce(5, reserving);
      expect(new Set(reserved.map(({ id }) => id)).size).toBe(1);
    });

    test('more than is there is not set aside, and neither is an unknown item', async () => {
      const tooMuch = reservations().createReservation(key(), wish('99999999'));
      expect(await refusal(tooMuch)).toMatchObject({ slug: 'insufficient-stock' });
      const unknown = reservations().createReservation(key(), { ...wish('1'), item: 'NO-SUCH-ITEM' });
      expect(await refusal(unknown)).toMatchObject({ slug: 'unknown-code' });
    });
  },
};

export const requisitions: CapabilitySuite = {
  capability: 'requisitions',
  sample: (erp) => erp.port('requisitions').listRequisitions({}),
  tests: (erp) => {
    const requisitions = () => erp().port('requisitions');
    const wish = () => {
      const { legalEntity, costCenter, expenseAccount: account } = erp().codes;
      const line = {
        description: 'Label printer',
        quantity: '2',
        unit: 'each',
        unitPrice: usd('149.50'),
        account,
        costCenter,
      };
      return { legalEntity, requester: 'W-1001', neededOn: erp().today, lines: [line] };
    };

    test('a requisition is drafted, changed, submitted and approved, each step once', async () => {
      const drafted = await requisitions().createRequisition(key(), wish());
      expect(drafted).toMatchObject({ status: 'draft', total: usd('299.00') });
      const changed = await requisitions().changeRequisition(drafted.id, drafted.revision, { justification: 'Broken' });
      expect(changed).toMatchObject({ justification: 'Broken' });
      const late = requisitions().changeRequisition(drafted.id, drafted.revision, { justification: 'Lost' });
      expect(await refusal(late)).toMatchObject({ slug: 'stale' });
      expect(await requisitions().stepRequisition(drafted.id, 'submit')).toMatchObject({ status: 'submitted' });
      const { approver } = erp().codes;
      const approved = await requisitions().stepRequisition(drafted.id, 'approve', { approver });
      expect(approved).toMatchObject({ status: 'approved' });
      expect(await requisitions().stepRequisition(drafted.id, 'approve', { approver })).toEqual(approved);
      expect(await refusal(requisitions().stepRequisition(drafted.id, 'reject'))).toMatchObject({ slug: 'conflict' });
    });
  },
};
