/** What the ledger posts and reverses, and what it does not take. */
import { Decimal } from 'decimal.js';
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { spend } from './budget.rules.js';
import { cents, checkCenter, checkNames, itemsOf, number, numbered, refuse, text } from './values.js';

export function postEntry(store: EntityStore, entity: Entity): Entity {
  const [company, date] = [text(entity, 'CompanyCode'), text(entity, 'PostingDate')];
  const items = itemsOf(entity);
  for (const item of items) {
    checkNames(store, item, { GLAccount: 'GLAccounts' });
    checkCenter(store, item, company);
  }
  const side = (code: string) =>
    items.reduce(
      (sum, item) => (item['DebitCreditCode'] === code ? sum.plus(number(item, 'Amount')) : sum),
      new Decimal(0),
    );
  if (items.length < 2 || !side('D').equals(side('C'))) refuse('NOT_BALANCED', 'Debits and credits differ');
  const period = `${company}:${date.slice(0, 7)}`;
  if (!store.has('FiscalPeriods', period) || store.read('FiscalPeriods', period)['PeriodStatus'] !== 'O') {
    const facts = { CompanyCode: company, Period: date.slice(0, 7) };
    refuse('PERIOD_CLOSED', 'The posting period is not open', 'PostingDate', facts);
  }
  const reverses = text(entity, 'ReversesEntry');
  if (reverses && store.read('JournalEntries', reverses)['ReversedByEntry'])
    refuse('CONFLICT', 'The entry is reversed already');
  const posted = store.insert(
    'JournalEntries',
    { ...numbered(entity), EntryStatus: 'P', TotalAmount: cents(side('D')) },
    'J',
  );
  for (const item of items) spend(store, company, date, item);
  const id = text(posted, 'JournalEntryID');
  if (reverses) store.update('JournalEntries', reverses, { EntryStatus: 'R', ReversedByEntry: id });
  return store.update('JournalEntries', id, { PostedAt: posted['LastChangedAt'] });
}

/** The sets of documents that post entries, and the properties that name these. */
const POSTING: Readonly<Record<string, readonly string[]>> = {
  GoodsReceipts: ['JournalEntryID'],
  SupplierInvoices: ['JournalEntryID'],
  IntercompanyDocuments: ['ProvidingEntryID', 'ReceivingEntryID'],
};

/** Refuses the reversal of what a document posted: the document, reversed as a whole, takes it back. */
export function checkNoDocument(store: EntityStore, entry: Entity): void {
  const id = text(entry, 'ReversesEntry');
  if (!id) return;
  for (const [set, names] of Object.entries(POSTING)) {
    const isBehind = (document: Entity) => names.some((name) => document[name] === id);
    if (store.all(set).some(isBehind)) refuse('CONFLICT', `One of ${set} posted the entry`, 'ReversesEntry');
  }
}

/** Posts what is not nothing; the number of the entry, if there is one. */
export function post(
  store: EntityStore,
  about: { company: string; date: string; reference: string; header: string },
  items: Entity[],
) {
  const { company: CompanyCode, date: PostingDate, reference: DocumentReference, header: HeaderText } = about;
  const Items = items.filter((item) => !number(item, 'Amount').isZero());
  if (!Items.length) return undefined;
  const entry = { CompanyCode, PostingDate, DocumentReference, HeaderText, EntryStatus: 'P', Currency: 'USD', Items };
  return text(postEntry(store, entry), 'JournalEntryID');
}

export const itemOf = (GLAccount: string, CostCenter: string, DebitCreditCode: 'D' | 'C', amount: Decimal): Entity => ({
  GLAccount,
  CostCenter,
  DebitCreditCode,
  Amount: cents(amount.abs()),
  Currency: 'USD',
});

/** Takes back what a document posted. */
export function reverseEntry(store: EntityStore, document: Entity): void {
  const id = text(document, 'JournalEntryID');
  if (!id) return;
  const { CompanyCode, DocumentReference, Currency, PostingDate } = store.read('JournalEntries', id);
  const Items = itemsOf(store.read('JournalEntries', id)).map((item) => ({
    ...item,
    DebitCreditCode: item['DebitCreditCode'] === 'D' ? 'C' : 'D',
  }));
  const about = {
    CompanyCode,
    DocumentReference,
    Currency,
    EntryStatus: 'P',
    HeaderText: text(document, 'ReversalReason') || 'Reversal',
  };
  postEntry(store, { ...about, PostingDate: document['ReversalDate'] ?? PostingDate, ReversesEntry: id, Items });
}
