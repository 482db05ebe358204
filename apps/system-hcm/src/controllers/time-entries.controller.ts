import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewTimeEntry, pageOf, TimeEntry, TimeEntryChange, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { TimeEntryQuery } from '../queries.js';

export const TimeEntryPage = pageOf(TimeEntry);

@Resource('time-entries')
export class TimeEntriesController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/time-entry.write',
    summary: 'Enter hours',
    status: 201,
    location: 'time-entries',
    answer: TimeEntry,
  })
  createTimeEntry(@BusinessKey() key: string, @Body() fresh: NewTimeEntry): Promise<TimeEntry> {
    return this.hcm.timeEntries.create(key, fresh);
  }

  @Endpoint('PATCH :id', {
    scope: 'hcm/time-entry.write',
    summary: 'Correct, approve or reject hours',
    answer: TimeEntry,
  })
  changeTimeEntry(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: TimeEntryChange,
  ): Promise<TimeEntry> {
    return this.hcm.timeEntries.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/time-entry.read', summary: 'Read a time entry', answer: TimeEntry })
  readTimeEntry(@Param('id') id: string): Promise<TimeEntry> {
    return this.hcm.timeEntries.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/time-entry.read',
    summary: 'List time entries by worker, day and cost center',
    answer: TimeEntryPage,
  })
  listTimeEntries(@Query() query: TimeEntryQuery): Promise<Page<TimeEntry>> {
    return this.hcm.timeEntries.list(query);
  }
}
