import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Schedule, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { ScheduleQuery } from './queries.js';

export const SchedulePage = pageOf(Schedule);

@Resource('schedules')
export class SchedulesController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/schedule.read', summary: 'Read a schedule', answer: Schedule })
  readSchedule(@Param('id') id: string): Promise<Schedule> {
    return this.ehr.read('schedule', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/schedule.read',
    summary: 'List schedules by practitioner, place and change',
    answer: SchedulePage,
  })
  listSchedules(@Query() query: ScheduleQuery): Promise<Page<Schedule>> {
    return this.ehr.list('schedule', query);
  }
}
