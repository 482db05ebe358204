import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, Shift, type Page } from '@concord/canonical';
import { HcmConnector } from './connector.js';
import { ShiftQuery } from './queries.js';

export const ShiftPage = pageOf(Shift);

@Resource('shifts')
export class ShiftsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('GET', {
    scope: 'hcm/shift.read',
    summary: 'List shifts by worker, facility and day',
    answer: ShiftPage,
  })
  listShifts(@Query() query: ShiftQuery): Promise<Page<Shift>> {
    return this.hcm.listShifts(query);
  }
}
