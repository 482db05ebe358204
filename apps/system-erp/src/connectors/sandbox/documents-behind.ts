import { depreciationIn } from './depreciation.js';
import type { Books } from './books.js';
import type { SandboxDocuments } from './sandbox-documents.js';
import type { DocumentsBehind } from '../posting-rules.js';

export type PostingDocuments = Pick<SandboxDocuments, 'receipts' | 'invoices' | 'allocations' | 'transactions'>;

/** What posted an entry. A document and its entries come into the books in one transaction, so that none is overlooked. */
export async function documentsBehind(
  { journal }: Books,
  { receipts, invoices, allocations, transactions }: PostingDocuments,
  journalEntry: string,
): Promise<DocumentsBehind> {
  const [receipt, invoice, allocation, provided, received, postedUnder] = await Promise.all([
    receipts.find({ journalEntry }),
    invoices.find({ journalEntry }),
    allocations.find({ journalEntry }),
    transactions.find({ providerEntry: journalEntry }),
    transactions.find({ receiverEntry: journalEntry }),
    journal.businessKeyOf(journalEntry),
  ]);
  return {
    goodsReceipt: receipt?.id,
    supplierInvoice: invoice?.id,
    costAllocation: allocation?.id,
    intercompanyTransaction: (provided ?? received)?.id,
    depreciation: depreciationIn(postedUnder),
  };
}
