import { bulkJobs, bulkOf } from '@concord/api';
import { NewJournalEntry, NewSupplier } from '@concord/canonical';
import { Journal } from './ports/journal.port.js';
import { Suppliers } from './ports/suppliers.port.js';

/** What the ERP takes in bulk. */
export const bulk = bulkJobs('erp', [
  bulkOf({
    resource: 'suppliers',
    takes: NewSupplier,
    scope: 'erp/supplier.write',
    summary: 'Add suppliers, many at once',
    through: Suppliers,
    work: (suppliers, key, supplier) => suppliers.createSupplier(key, supplier),
  }),
  bulkOf({
    resource: 'journal-entries',
    takes: NewJournalEntry,
    scope: 'erp/journal-entry.write',
    summary: 'Post journal entries, many at once; each is balanced by itself',
    through: Journal,
    work: (journal, key, entry) => journal.createJournalEntry(key, entry),
  }),
]);
