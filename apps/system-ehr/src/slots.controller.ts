import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ScheduleSlot, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { SlotQuery } from './queries.js';

export const ScheduleSlotPage = pageOf(ScheduleSlot);

@Resource('slots')
export class SlotsController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/schedule.read', summary: 'Read a slot of a schedule', answer: ScheduleSlot })
  readSlot(@Param('id') id: string): Promise<ScheduleSlot> {
    return this.ehr.read('slot', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/schedule.read',
    summary: 'List slots by schedule, time, status and change',
    answer: ScheduleSlotPage,
  })
  listSlots(@Query() query: SlotQuery): Promise<Page<ScheduleSlot>> {
    return this.ehr.list('slot', query);
  }
}
