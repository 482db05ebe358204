import { expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { key, refusal, type CapabilitySuite } from './subject.js';

const taxNumber = () => `98-${String(randomInt(10_000_000)).padStart(7, '0')}`;

export const suppliers: CapabilitySuite = {
  capability: 'suppliers',
  sample: (erp) => erp.port('suppliers').listSuppliers({}),
  tests: (erp) => {
    test('a new supplier is active, and reads as it was added', async () => {
      const added = await erp().supplier(taxNumber());
      expect(added).toMatchObject({ active: true, blocked: false, currency: 'USD' });
      expect(await erp().port('suppliers').readSupplier(added.id)).toEqual(added);
    });

    test('the same business key many times at once is one supplier', async () => {
      const [businessKey, taxId] = [key(), taxNumber()];
      const supplier = { name: 'Conformance twin', taxId, currency: 'USD', paymentDays: 30 };
      const adding = () => erp().port('suppliers').createSupplier(businessKey, supplier);
      const added = await erp().atOnce(10, adding);
      expect(new Set(added.map(({ id }) => id)).size).toBe(1);
      expect((await erp().port('suppliers').listSuppliers({ tax_id: taxId })).items).toEqual([added[0]]);
    });

    test('a tax number belongs to one supplier', async () => {
      const taxId = taxNumber();
      const { id } = await erp().supplier(taxId);
      expect(await refusal(erp().supplier(taxId))).toEqual({ slug: 'conflict', context: { supplier: id } });
    });

    test('a change needs the revision that it was decided on', async () => {
      const { id, revision, changedAt } = await erp().supplier();
      const suppliers = erp().port('suppliers');
      const changed = await suppliers.changeSupplier(id, revision, { name: 'Conformance renamed' });
      expect(changed).toMatchObject({ id, name: 'Conformance renamed' });
      expect(changed.revision).not.toBe(revision);
      expect(Date.parse(changed.changedAt)).toBeGreaterThanOrEqual(Date.parse(changedAt));
      const stale = suppliers.changeSupplier(id, revision, { name: 'Overwritten' });
      expect(await refusal(stale)).toMatchObject({ slug: 'stale' });
      expect(await suppliers.readSupplier(id)).toEqual(changed);
    });

    test('a change whose reply was lost is found done when it is repeated, unless others have changed it back', async () => {
      const { id, revision } = await erp().supplier();
      const suppliers = erp().port('suppliers');
      await erp().isFoundDone(
        'changeSupplier',
        (businessKey) => suppliers.changeSupplier(id, revision, { paymentDays: 45 }, businessKey),
        () => suppliers.readSupplier(id),
        (seen) => suppliers.changeSupplier(id, seen, { paymentDays: 60 }),
      );
    });

    test('of many changes of one revision at once, one is made', async () => {
      const { id, revision } = await erp().supplier();
      const change = (n: number) => erp().port('suppliers').changeSupplier(id, revision, { paymentDays: n });
      const ends = await erp().atOnce(10, (n) => refusal(change(n + 1)));
      expect(ends.filter((end) => end === 'was not refused')).toHaveLength(1);
    });

    test('suppliers are found by part of the name and by time of change', async () => {
      const { name, id, changedAt } = await erp().supplier();
      const found = async (changed_since: string) => {
        const { items } = await erp()
          .port('suppliers')
          .listSuppliers({ name: name.slice(-8).toUpperCase(), changed_since });
        return items.map((one) => one.id);
      };
      expect(await found(changedAt)).toEqual([id]);
      expect(await found('2999-01-01T00:00:00Z')).toEqual([]);
    });

    test('pages of suppliers hold every one once', async () => {
      const family = `Conformance ${key().slice(-12)}`;
      const taken = await Promise.all([1, 2, 3].map((child) => erp().supplier(undefined, `${family} ${child}`)));
      const ids: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await erp().port('suppliers').listSuppliers({ name: family, page_size: 2, page_token });
        ids.push(...page.items.map(({ id }) => id));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(ids.toSorted()).toEqual(taken.map(({ id }) => id).toSorted());
    });

    test('a supplier that nobody added is not found', async () => {
      expect(await refusal(erp().port('suppliers').readSupplier('SUP-0'))).toMatchObject({ slug: 'not-found' });
    });
  },
};
