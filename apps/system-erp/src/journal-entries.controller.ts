import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { JournalEntry, NewJournalEntry, NewReversal, pageOf, type Page } from '@concord/canonical';
import { ErpConnector } from './connector.js';
import { JournalEntryQuery } from './queries.js';

export const JournalEntryPage = pageOf(JournalEntry);

@Resource('journal-entries')
export class JournalEntriesController {
  constructor(private readonly erp: ErpConnector) {}

  @Endpoint('POST', {
    scope: 'erp/journal-entry.write',
    summary: 'Post a balanced journal entry',
    status: 201,
    answer: JournalEntry,
  })
  createJournalEntry(@BusinessKey() key: string, @Body() entry: NewJournalEntry): Promise<JournalEntry> {
    return this.erp.createJournalEntry(key, entry);
  }

  @Endpoint('GET :id', { scope: 'erp/journal-entry.read', summary: 'Read a journal entry', answer: JournalEntry })
  readJournalEntry(@Param('id') id: string): Promise<JournalEntry> {
    return this.erp.readJournalEntry(id);
  }

  @Endpoint('GET', {
    scope: 'erp/journal-entry.read',
    summary: 'List journal entries by document, legal entity, period and time of change',
    answer: JournalEntryPage,
  })
  listJournalEntries(@Query() query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.erp.listJournalEntries(query);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'erp/journal-entry.write',
    summary: 'Reverse a journal entry',
    status: 201,
    answer: JournalEntry,
  })
  reverseJournalEntry(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<JournalEntry> {
    return this.erp.reverseJournalEntry(key, id, reversal);
  }
}
