import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { key, refusal, usd, type CapabilitySuite } from './subject.js';

const document = () => `DOC-${randomUUID()}`;

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

    test('the same business key many times at once is posted once to each of the books', async () => {
      const [businessKey, asked] = [key(), transaction()];
      const posting = () => intercompanies().createIntercompanyTransaction(businessKey, asked);
      const posted = await erp().atOnce(5, posting);
      expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
      const { items } = await erp().port('journal').listPostingStatuses({ reference: asked.reference });
      expect(items.map(({ legalEntity }) => legalEntity).sort()).toEqual(
        [asked.provider.legalEntity, asked.receiver.legalEntity].sort(),
      );
    });

    test('a transaction is found from either side, and reads as it was posted', async () => {
      const asked = transaction();
      const posted = await intercompanies().createIntercompanyTransaction(key(), asked);
      const { reference, provider, receiver } = asked;
      const found = async (more: object) =>
        (await intercompanies().listIntercompanyTransactions({ reference, ...more })).items;
      for (const { legalEntity: legal_entity } of [provider, receiver])
        expect(await found({ legal_entity, changed_since: posted.changedAt })).toEqual([posted]);
      expect(await found({ legal_entity: 'NOBODY' })).toEqual([]);
      expect(await found({ changed_since: '2999-01-01T00:00:00Z' })).toEqual([]);
      expect(await intercompanies().readIntercompanyTransaction(posted.id)).toEqual(posted);
      const missing = intercompanies().readIntercompanyTransaction('IC-0');
      expect(await refusal(missing)).toMatchObject({ slug: 'not-found' });
    });

    test.each([
      ['nothing', usd('0.00'), '/amount/amount'],
      ['less than nothing', usd('-1.00'), '/amount/amount'],
      ['part of a cent', usd('0.005'), '/amount/amount'],
      ['the money of others', { amount: '1.00', currency: 'EUR' }, '/amount/currency'],
    ])('%s is not provided', async (_, amount, pointer) => {
      const asked = { ...transaction(), amount };
      const posting = intercompanies().createIntercompanyTransaction(key(), asked);
      await expect(posting).rejects.toMatchObject({ slug: 'validation-failed', errors: [{ pointer }] });
      const { reference } = asked;
      expect((await erp().port('journal').listJournalEntries({ reference })).items).toEqual([]);
    });

    test('nothing is posted to a closed period, and nothing is taken back into one', async () => {
      const late = { ...transaction(), accountingDate: erp().longAgo };
      const posting = intercompanies().createIntercompanyTransaction(key(), late);
      expect(await refusal(posting)).toMatchObject({ slug: 'period-closed' });
      const asked = transaction();
      const posted = await intercompanies().createIntercompanyTransaction(key(), asked);
      const back = { reason: 'Not provided', accountingDate: erp().longAgo };
      const reversing = intercompanies().reverseIntercompanyTransaction(key(), posted.id, back);
      expect(await refusal(reversing)).toMatchObject({ slug: 'period-closed' });
      expect(await intercompanies().readIntercompanyTransaction(posted.id)).toEqual(posted);
      const { items } = await erp().port('journal').listPostingStatuses({ reference: asked.reference });
      expect(items.map(({ status }) => status)).toEqual(['posted', 'posted']);
    });

    test('one of the two entries is not taken back without the other', async () => {
      const { id, providerEntry, receiverEntry } = await intercompanies().createIntercompanyTransaction(
        key(),
        transaction(),
      );
      for (const entry of [providerEntry, receiverEntry])
        await erp().isNotReversedAlone(entry, { intercompanyTransaction: id });
    });

    test('a reversal takes both entries back, once, however many ask for it at once', async () => {
      const asked = transaction();
      const { id } = await intercompanies().createIntercompanyTransaction(key(), asked);
      const reversing = () => intercompanies().reverseIntercompanyTransaction(key(), id, { reason: 'Not provided' });
      const reversed = await erp().atOnce(3, reversing);
      expect(reversed.map(({ status }) => status)).toEqual(reversed.map(() => 'reversed'));
      expect(await reversing()).toEqual(reversed[0]);
      const { items } = await erp().port('journal').listPostingStatuses({ reference: asked.reference });
      expect(items.map(({ status }) => status).sort()).toEqual(['posted', 'posted', 'reversed', 'reversed']);
    });
  },
};
