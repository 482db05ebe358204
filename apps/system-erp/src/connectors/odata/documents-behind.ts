import type { JournalEntry } from '@concord/canonical';
import { toAllocation } from '../allocation-entry.js';
import type { DocumentsBehind } from '../posting-rules.js';
import type { ODataRecords } from './odata.records.js';
import { needed } from './odata.values.js';
import type { EntityName } from './profile.js';

/** What posted an entry. The ERP makes a document and its entries at once, so that none is overlooked. */
export async function documentsBehind(records: ODataRecords, entry: JournalEntry): Promise<DocumentsBehind> {
  const having = async (name: EntityName, fields: string | readonly string[]) => {
    const found = records.knows(name) ? await records.find(name, [[fields, 'eq', entry.id]]) : undefined;
    return found && needed(found.values, 'id');
  };
  const [goodsReceipt, supplierInvoice, intercompanyTransaction] = await Promise.all([
    having('goodsReceipts', 'journalEntry'),
    having('supplierInvoices', 'journalEntry'),
    having('intercompany', ['providerEntry', 'receiverEntry']),
  ]);
  return { goodsReceipt, supplierInvoice, intercompanyTransaction, costAllocation: toAllocation(entry)?.id };
}
