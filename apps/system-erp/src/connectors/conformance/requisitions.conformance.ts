import { expect, test } from '@jest/globals';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

export const requisitions: CapabilitySuite = {
  capability: 'requisitions',
  sample: (erp) => erp.port('requisitions').listRequisitions({}),
  tests: (erp) => {
    const requisitions = () => erp().port('requisitions');
    const approver = () => erp().codes.approver;
    const drafted = () => requisitions().createRequisition(key(), erp().newRequisition());

    test('a requisition is drafted with its total, and reads as it was drafted', async () => {
      const asked = erp().newRequisition([{}, { quantity: '2.5', unitPrice: usd('0.33') }]);
      const requisition = await requisitions().createRequisition(key(), asked);
      expect(requisition).toMatchObject({ ...asked, status: 'draft', total: usd('299.83') });
      expect(await requisitions().readRequisition(requisition.id)).toEqual(requisition);
      expect(await refusal(requisitions().readRequisition('REQ-0'))).toMatchObject({ slug: 'not-found' });
    });

    test('the same business key many times at once is one requisition', async () => {
      const [businessKey, asked] = [key(), { ...erp().newRequisition(), requester: `W-${key().slice(-8)}` }];
      const made = await erp().atOnce(5, () => requisitions().createRequisition(businessKey, asked));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      const { items } = await requisitions().listRequisitions({ requester: asked.requester });
      expect(items).toEqual([made[0]]);
    });

    test('a requisition is drafted, changed, submitted and approved, each step once', async () => {
      const { id, revision } = await drafted();
      const changed = await requisitions().changeRequisition(id, revision, { justification: 'Broken' });
      expect(changed).toMatchObject({ justification: 'Broken' });
      const late = requisitions().changeRequisition(id, revision, { justification: 'Lost' });
      expect(await refusal(late)).toMatchObject({ slug: 'stale' });
      expect(await requisitions().stepRequisition(id, 'submit')).toMatchObject({ status: 'submitted' });
      const approved = await requisitions().stepRequisition(id, 'approve', { approver: approver() });
      expect(approved).toMatchObject({ status: 'approved' });
      expect(await requisitions().stepRequisition(id, 'approve', { approver: approver() })).toEqual(approved);
      expect(await refusal(requisitions().stepRequisition(id, 'reject'))).toMatchObject({ slug: 'conflict' });
    });

    test('a draft takes other lines and loses what is taken away; what is submitted takes nothing', async () => {
      const { id } = await drafted();
      await requisitions().changeRequisition(id, '*', { justification: 'Broken' });
      const { lines } = erp().newRequisition([{ quantity: '3' }]);
      const changed = await requisitions().changeRequisition(id, '*', { lines, justification: null });
      expect(changed).toMatchObject({ lines, total: usd('448.50') });
      expect(changed.justification).toBeUndefined();
      const { revision } = await requisitions().stepRequisition(id, 'submit');
      const late = requisitions().changeRequisition(id, revision, { lines });
      expect(await refusal(late)).toEqual({ slug: 'conflict', context: { status: 'submitted' } });
    });

    test('a change whose reply was lost is found done when it is repeated, unless others have changed it back', async () => {
      const { id, revision } = await drafted();
      const { lines } = erp().newRequisition([{ quantity: '3' }]);
      await erp().isFoundDone(
        'changeRequisition',
        (businessKey) => requisitions().changeRequisition(id, revision, { lines }, businessKey),
        () => requisitions().readRequisition(id),
        (seen) => requisitions().changeRequisition(id, seen, { lines: erp().newRequisition().lines }),
      );
    });

    test('no step is left out, and what is rejected or cancelled stays so', async () => {
      const { id } = await drafted();
      const context = { status: 'draft', step: 'approve' };
      const early = requisitions().stepRequisition(id, 'approve', { approver: approver() });
      expect(await refusal(early)).toEqual({ slug: 'conflict', context });
      await requisitions().stepRequisition(id, 'submit');
      const rejected = await requisitions().stepRequisition(id, 'reject', { approver: approver() });
      expect(rejected).toMatchObject({ status: 'rejected' });
      const cancelled = await requisitions().stepRequisition((await drafted()).id, 'cancel');
      expect(cancelled).toMatchObject({ status: 'cancelled' });
      for (const ended of [rejected, cancelled])
        expect(await refusal(requisitions().stepRequisition(ended.id, 'approve'))).toMatchObject({ slug: 'conflict' });
    });

    test('whoever may not approve it is refused, with the cost center and the amount', async () => {
      const { id } = await drafted();
      await requisitions().stepRequisition(id, 'submit');
      const approving = await refusal(requisitions().stepRequisition(id, 'approve', { approver: 'W-9999' }));
      const context = { approver: 'W-9999', costCenter: erp().codes.costCenter, amount: '299.00' };
      expect(approving).toMatchObject({ slug: 'approval-rejected', context });
      expect(await requisitions().readRequisition(id)).toMatchObject({ status: 'submitted' });
    });

    test('many who submit the same at once submit it once', async () => {
      const { id } = await drafted();
      const submitted = await erp().atOnce(4, () => requisitions().stepRequisition(id, 'submit'));
      expect(new Set(submitted.map(({ revision }) => revision)).size).toBe(1);
    });

    test.each([
      ['an unknown account', { account: '0000' }, { slug: 'unknown-code', context: { account: '0000' } }],
      ['an unknown cost center', { costCenter: 'CC-MOON' }, { slug: 'unknown-code' }],
      ['an unknown item', { item: 'NO-SUCH-ITEM' }, { slug: 'unknown-code', context: { item: 'NO-SUCH-ITEM' } }],
      ['nothing', { quantity: '0' }, { errors: [{ pointer: '/lines/1/quantity' }] }],
      ['a price below zero', { unitPrice: usd('-1.00') }, { errors: [{ pointer: '/lines/1/unitPrice/amount' }] }],
      ['part of a cent', { unitPrice: usd('0.005') }, { errors: [{ pointer: '/lines/1/unitPrice/amount' }] }],
    ])('a requisition of %s is refused, with the place', async (_, line, why) => {
      const asking = requisitions().createRequisition(key(), erp().newRequisition([{}, line]));
      await expect(asking).rejects.toMatchObject(why);
    });

    test('a requisition of an unknown supplier or legal entity, or of a stocked item in a unit that it has not, is refused', async () => {
      const asked = erp().newRequisition();
      const stocked = erp().newRequisition([{ item: erp().codes.item, unit: 'fathom' }]);
      for (const wrong of [{ ...asked, supplier: 'SUP-0' }, { ...asked, legalEntity: 'NOBODY' }, stocked]) {
        const asking = requisitions().createRequisition(key(), wrong);
        expect(await refusal(asking)).toMatchObject({ slug: 'unknown-code' });
      }
    });

    test('an order that is submitted takes up the requisition behind it, once that is approved', async () => {
      const orders = erp().port('purchaseOrders');
      const { id: requisition } = await drafted();
      const order = await orders.createPurchaseOrder(key(), { ...(await erp().newOrder()), requisition });
      expect(await refusal(orders.stepPurchaseOrder(order.id, 'submit'))).toMatchObject({ slug: 'conflict' });
      expect(await orders.readPurchaseOrder(order.id)).toMatchObject({ status: 'draft' });
      await requisitions().stepRequisition(requisition, 'submit');
      await requisitions().stepRequisition(requisition, 'approve', { approver: approver() });
      await orders.stepPurchaseOrder(order.id, 'submit');
      const ordered = await requisitions().readRequisition(requisition);
      expect(ordered).toMatchObject({ status: 'ordered', purchaseOrder: order.id });
      expect(await requisitions().stepRequisition(requisition, 'approve')).toEqual(ordered);
    });

    test('an order of an unknown requisition is refused', async () => {
      const order = { ...(await erp().newOrder()), requisition: 'REQ-0' };
      const ordering = erp().port('purchaseOrders').createPurchaseOrder(key(), order);
      expect(await refusal(ordering)).toMatchObject({ slug: 'unknown-code' });
    });

    test('requisitions are found by status, by who asks and by time of change, and pages hold every one once', async () => {
      const requester = `W-${key().slice(-8)}`;
      const asked = { ...erp().newRequisition(), requester };
      const ids: string[] = [];
      for (let n = 0; n < 3; n += 1) ids.push((await requisitions().createRequisition(key(), asked)).id);
      const last = await requisitions().stepRequisition(ids[0]!, 'submit');
      const found = async (more: object) =>
        (await requisitions().listRequisitions({ requester, ...more })).items.map(({ id }) => id);
      expect(await found({ status: 'submitted' })).toEqual([last.id]);
      expect(await found({ status: 'draft', legal_entity: asked.legalEntity })).toEqual(ids.slice(1));
      expect(await found({ legal_entity: erp().codes.elsewhere.legalEntity })).toEqual([]);
      expect(await found({ changed_since: last.changedAt })).toContain(last.id);
      expect(await found({ changed_since: '2999-01-01T00:00:00Z' })).toEqual([]);
      const first = await requisitions().listRequisitions({ requester, page_size: 2 });
      const rest = await requisitions().listRequisitions({ requester, page_size: 2, page_token: first.nextPageToken });
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids);
    });
  },
};
