import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewShift, pageOf, Shift, ShiftChange, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { ShiftQuery } from '../queries.js';

export const ShiftPage = pageOf(Shift);

@Resource('shifts')
export class ShiftsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/shift.write',
    summary: 'Plan a shift',
    status: 201,
    location: 'shifts',
    answer: Shift,
  })
  createShift(@BusinessKey() key: string, @Body() fresh: NewShift): Promise<Shift> {
    return this.hcm.shifts.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/shift.write', summary: 'Change a shift', answer: Shift })
  changeShift(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: ShiftChange,
  ): Promise<Shift> {
    return this.hcm.shifts.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/shift.read', summary: 'Read a shift', answer: Shift })
  readShift(@Param('id') id: string): Promise<Shift> {
    return this.hcm.shifts.read(id);
  }

  @Endpoint('GET', { scope: 'hcm/shift.read', summary: 'List shifts by worker, facility and day', answer: ShiftPage })
  listShifts(@Query() query: ShiftQuery): Promise<Page<Shift>> {
    return this.hcm.shifts.list(query);
  }
}
