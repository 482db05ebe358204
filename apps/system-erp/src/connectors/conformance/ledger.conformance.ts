/** What every ERP has to do: its ledger structure and its journal. */
import { describe, expect, test, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { JournalLine, NewJournalEntry } from '@concord/canonical';
import { portOf, type ErpPorts } from '../../connector.js';
import { atOnce, refusal, type Subject } from './subject.js';

const line = (side: JournalLine['side'], account: string, amount: string): JournalLine => ({
  account,
  costCenter: 'CC-NORTH-PRIMARY-CARE',
  side,
  amount: { amount, currency: 'USD' },
});

export function ledgerConformance(name: string, make: () => Promise<Subject>): void {
  describe(`${name} keeps a ledger`, () => {
    let erp: Pick<ErpPorts, 'journal' | 'structure'>;
    let entry: NewJournalEntry;
    let longAgo: string;
    let subject: Subject;
    const key = () => `conformance/${randomUUID()}`;

    beforeAll(async () => {
      subject = await make();
      erp = { journal: portOf(subject.connector, 'journal'), structure: portOf(subject.connector, 'structure') };
      longAgo = subject.longAgo;
      entry = {
        legalEntity: 'LSH',
        accountingDate: subject.today,
        reference: `encounter-${randomUUID()}`,
        description: 'Encounter charges',
        lines: [line('debit', '1200', '72.00'), line('debit', '4900', '28.00'), line('credit', '4000', '100.00')],
      };
    });

    test('a balanced entry is posted and reads as it was posted', async () => {
      const posted = await erp.journal.createJournalEntry(key(), entry);
      expect(posted).toMatchObject({ ...entry, status: 'posted', total: { amount: '100.00', currency: 'USD' } });
      expect(await erp.journal.readJournalEntry(posted.id)).toEqual(posted);
    });

    test('the same business key many times at once is one entry', async () => {
      const [reference, businessKey] = [`encounter-${randomUUID()}`, key()];
      const posting = () => erp.journal.createJournalEntry(businessKey, { ...entry, reference });
      const posted = await atOnce(20, subject, posting);
      expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
      expect((await erp.journal.listJournalEntries({ reference })).items).toEqual([posted[0]]);
    });

    test('many entries at once are as many entries', async () => {
      const reference = `encounter-${randomUUID()}`;
      const posting = () => erp.journal.createJournalEntry(key(), { ...entry, reference });
      const posted = await atOnce(20, subject, posting);
      const listed = (await erp.journal.listJournalEntries({ reference })).items;
      expect(listed.map(({ number }) => number).sort()).toEqual(posted.map(({ number }) => number).sort());
    });

    test.each([
      ['an unknown legal entity', { legalEntity: 'NOBODY' }, 'unknown-code'],
      ['a closed period', {}, 'period-closed'],
      ['a single line', { lines: [line('debit', '1200', '1.00')] }, 'validation-failed'],
      [
        'unequal sides',
        { lines: [line('debit', '1200', '1.00'), line('credit', '4000', '1.01')] },
        'journal-unbalanced',
      ],
      ['an unknown account', { lines: [line('debit', '9', '1.00'), line('credit', '4000', '1.00')] }, 'unknown-code'],
      ['no amount', { lines: [line('debit', '1200', '0'), line('credit', '4000', '0')] }, 'validation-failed'],
      [
        'a negative amount',
        { lines: [line('debit', '1200', '-1'), line('credit', '4000', '-1')] },
        'validation-failed',
      ],
      [
        'part of a cent',
        { lines: [line('debit', '1200', '0.001'), line('credit', '4000', '0.001')] },
        'validation-failed',
      ],
    ])('%s is refused', async (what, change, slug) => {
      const date = what === 'a closed period' ? longAgo : entry.accountingDate;
      const posting = erp.journal.createJournalEntry(key(), { ...entry, accountingDate: date, ...change });
      expect(await refusal(posting)).toMatchObject({ slug });
    });

    test('a refusal names the code that it is about', async () => {
      const lines = [{ ...entry.lines[0]!, costCenter: 'CC-MOON' }, ...entry.lines.slice(1)];
      const context = { costCenter: 'CC-MOON' };
      expect(await refusal(erp.journal.createJournalEntry(key(), { ...entry, lines }))).toEqual({
        slug: 'unknown-code',
        context,
      });
    });

    test('a cost center takes postings of its own legal entity only', async () => {
      const lines = entry.lines.map((one) => ({ ...one, costCenter: 'CC-EAST-SURGERY' }));
      expect(await refusal(erp.journal.createJournalEntry(key(), { ...entry, lines }))).toMatchObject({
        slug: 'unknown-code',
      });
      expect(await erp.journal.createJournalEntry(key(), { ...entry, legalEntity: 'LSP', lines })).toMatchObject({
        lines,
      });
    });

    test('a reversal swaps the sides, and both entries say so', async () => {
      const posted = await erp.journal.createJournalEntry(key(), entry);
      const reversal = await erp.journal.reverseJournalEntry(key(), posted.id, { reason: 'Encounter corrected' });
      const sides = reversal.lines.map(({ side }) => side);
      expect(reversal).toMatchObject({ reverses: posted.id, total: posted.total, reference: posted.reference });
      expect(sides).toEqual(['credit', 'credit', 'debit']);
      expect(await erp.journal.readJournalEntry(posted.id)).toEqual({
        ...posted,
        status: 'reversed',
        reversedBy: reversal.id,
        changedAt: expect.any(String),
      });
    });

    test('an entry is reversed once: the same business key finds the reversal, another one is refused', async () => {
      const posted = await erp.journal.createJournalEntry(key(), entry);
      const businessKey = key();
      const reversing = () =>
        erp.journal.reverseJournalEntry(businessKey, posted.id, { reason: 'Encounter corrected' });
      const reversals = await atOnce(20, subject, reversing);
      expect(new Set(reversals.map(({ id }) => id)).size).toBe(1);
      const context = { journalEntry: posted.id, reversedBy: reversals[0]!.id };
      const second = erp.journal.reverseJournalEntry(key(), posted.id, { reason: 'Once more' });
      expect(await refusal(second)).toEqual({ slug: 'conflict', context });
      const ofReversal = erp.journal.reverseJournalEntry(key(), reversals[0]!.id, { reason: 'Back again' });
      expect(await refusal(ofReversal)).toMatchObject({ slug: 'conflict' });
    });

    test('one business key may name a posting and its reversal', async () => {
      const businessKey = key();
      const posted = await erp.journal.createJournalEntry(businessKey, entry);
      const reversal = await erp.journal.reverseJournalEntry(businessKey, posted.id, { reason: 'Encounter corrected' });
      expect(reversal.reverses).toBe(posted.id);
    });

    test('what was never posted cannot be read or reversed', async () => {
      expect(await refusal(erp.journal.readJournalEntry('JE-0'))).toMatchObject({ slug: 'not-found' });
      const reversal = erp.journal.reverseJournalEntry(key(), 'JE-0', { reason: 'None' });
      expect(await refusal(reversal)).toMatchObject({ slug: 'not-found' });
    });

    test('pages of the journal hold every entry once', async () => {
      const reference = `encounter-${randomUUID()}`;
      for (let count = 0; count < 5; count += 1) await erp.journal.createJournalEntry(key(), { ...entry, reference });
      const numbers: string[] = [];
      let page_token: string | undefined;
      do {
        const page = await erp.journal.listJournalEntries({ reference, page_size: 2, page_token });
        numbers.push(...page.items.map(({ number }) => number));
        page_token = page.nextPageToken;
      } while (page_token);
      expect(new Set(numbers).size).toBe(5);
      expect(numbers).toHaveLength(5);
    });

    test('the journal is found by legal entity, period and time of change', async () => {
      const posted = await erp.journal.createJournalEntry(key(), { ...entry, reference: `encounter-${randomUUID()}` });
      const { reference, changedAt: changed_since } = posted;
      const period = posted.accountingDate.slice(0, 7);
      const asked = { reference, legal_entity: 'LSH', period, changed_since };
      expect((await erp.journal.listJournalEntries(asked)).items).toEqual([posted]);
      expect((await erp.journal.listJournalEntries({ ...asked, legal_entity: 'LSP' })).items).toEqual([]);
      expect((await erp.journal.listJournalEntries({ ...asked, period: '1999-12' })).items).toEqual([]);
      expect((await erp.journal.listJournalEntries({ ...asked, changed_since: '2999-01-01T00:00:00Z' })).items).toEqual(
        [],
      );
    });

    test('a reversal changes the entry that it reverses, which is then listed from that moment on', async () => {
      const posted = await erp.journal.createJournalEntry(key(), { ...entry, reference: `encounter-${randomUUID()}` });
      expect(Date.parse(posted.changedAt)).toBeGreaterThanOrEqual(Date.parse(posted.postedAt));
      const { id, postedAt } = await erp.journal.reverseJournalEntry(key(), posted.id, { reason: 'Corrected' });
      const { changedAt: changed_since } = await erp.journal.readJournalEntry(posted.id);
      expect(Date.parse(changed_since)).toBeGreaterThanOrEqual(Date.parse(postedAt));
      const { items } = await erp.journal.listJournalEntries({ reference: posted.reference, changed_since });
      expect(items.map((one) => one.id)).toEqual([posted.id, id]);
    });

    test('the period of a day says whether it takes postings', async () => {
      const statusOn = async (date: string) => {
        const { items } = await erp.structure.listFiscalPeriods({ legal_entity: 'LSH', date });
        return items.map(({ status }) => status);
      };
      expect(await statusOn(entry.accountingDate)).toEqual(['open']);
      expect(await statusOn(longAgo)).toEqual(['closed']);
    });

    test('how far a posting is, is asked by its entry and by the document behind it', async () => {
      const reference = `encounter-${randomUUID()}`;
      const posted = await erp.journal.createJournalEntry(key(), { ...entry, reference });
      const asked = { journalEntry: posted.id, reference, status: 'posted', period: posted.accountingDate.slice(0, 7) };
      expect(await erp.journal.readPostingStatus(posted.id)).toMatchObject(asked);
      const reversal = await erp.journal.reverseJournalEntry(key(), posted.id, { reason: 'Encounter corrected' });
      const { items } = await erp.journal.listPostingStatuses({ reference });
      expect(items).toMatchObject([{ ...asked, status: 'reversed', reversedBy: reversal.id }, { status: 'posted' }]);
      expect(await refusal(erp.journal.readPostingStatus('JE-0'))).toMatchObject({ slug: 'not-found' });
    });

    test('every group of cost centers but the top ones is part of another', async () => {
      const { items } = await erp.structure.listCostCenterGroups({ page_size: 500 });
      const groups = new Set(items.map(({ code }) => code));
      expect(items.length).toBeGreaterThan(0);
      expect(items.filter(({ parent }) => parent !== undefined && !groups.has(parent))).toEqual([]);
      const held = items.flatMap(({ costCenters }) => costCenters);
      expect(held).toContain('CC-NORTH-PRIMARY-CARE');
      expect(new Set(held).size).toBe(held.length);
    });

    test('a cost center and a period are read by what the lists call them', async () => {
      const { items } = await erp.structure.listCostCenters({ page_size: 1 });
      expect(await erp.structure.readCostCenter(items[0]!.code)).toEqual(items[0]);
      expect(await refusal(erp.structure.readCostCenter('CC-MOON'))).toMatchObject({ slug: 'not-found' });
      const periods = await erp.structure.listFiscalPeriods({ legal_entity: 'LSH', date: entry.accountingDate });
      expect(await erp.structure.readFiscalPeriod(periods.items[0]!.id)).toEqual(periods.items[0]);
      expect(await refusal(erp.structure.readFiscalPeriod('NOBODY:2026-11'))).toMatchObject({ slug: 'not-found' });
    });

    test('a cost center is found by facility and service line', async () => {
      const { items } = await erp.structure.listCostCenters({ facility: 'CLINIC-WEST', service_line: 'SURGERY' });
      expect(items).toMatchObject([{ code: 'CC-WEST-SURGERY', legalEntity: 'LSP', region: 'SOUTHSHORE' }]);
    });

    test('a page token of another list is refused', async () => {
      const page_token = Buffer.from('{"a":1}').toString('base64url');
      expect(await refusal(erp.structure.listAccounts({ page_token }))).toMatchObject({ slug: 'validation-failed' });
      expect(await refusal(erp.journal.listJournalEntries({ page_token }))).toMatchObject({
        slug: 'validation-failed',
      });
    });
  });
}
