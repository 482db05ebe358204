import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { JournalEntry, NewJournalEntry, NewReversal, pageOf, PostingStatus, type Page } from '@concord/canonical';
import { Journal } from './ports/journal.port.js';
import { JournalEntryQuery, PostingStatusQuery } from './queries.js';

export const JournalEntryPage = pageOf(JournalEntry);
export const PostingStatusPage = pageOf(PostingStatus);

@Resource('journal-entries')
export class JournalEntriesController {
  constructor(private readonly journal: Journal) {}

  @Endpoint('POST', {
    scope: 'erp/journal-entry.write',
    summary: 'Post a balanced journal entry',
    status: 201,
    answer: JournalEntry,
  })
  createJournalEntry(@BusinessKey() key: string, @Body() entry: NewJournalEntry): Promise<JournalEntry> {
    return this.journal.createJournalEntry(key, entry);
  }

  @Endpoint('GET posting-status', {
    scope: 'erp/journal-entry.read',
    summary: 'Ask how far the postings of a business document are',
    answer: PostingStatusPage,
  })
  listPostingStatuses(@Query() query: PostingStatusQuery): Promise<Page<PostingStatus>> {
    return this.journal.listPostingStatuses(query);
  }

  @Endpoint('GET :id', { scope: 'erp/journal-entry.read', summary: 'Read a journal entry', answer: JournalEntry })
  readJournalEntry(@Param('id') id: string): Promise<JournalEntry> {
    return this.journal.readJournalEntry(id);
  }

  @Endpoint('GET', {
    scope: 'erp/journal-entry.read',
    summary: 'List journal entries by document, legal entity, period and time of change',
    answer: JournalEntryPage,
  })
  listJournalEntries(@Query() query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.journal.listJournalEntries(query);
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
    return this.journal.reverseJournalEntry(key, id, reversal);
  }

  @Endpoint('GET :id/posting-status', {
    scope: 'erp/journal-entry.read',
    summary: 'Ask how far a posting is',
    answer: PostingStatus,
  })
  readPostingStatus(@Param('id') id: string): Promise<PostingStatus> {
    return this.journal.readPostingStatus(id);
  }
}
