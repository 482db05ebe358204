import { choice, code, count, day, decimal } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

export class NewShift {
  @code('Worker')
  workerId!: string;

  @code('Facility')
  facility!: string;

  @day('Day')
  date!: string;

  @count('Hours', { max: 24 })
  hours!: number;
}

/** A planned or worked shift. */
export class Shift extends NewShift {
  @code('Identifier')
  id!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class ShiftChange extends changeOf(Shift, ['facility', 'hours']) {}

export const PAY_CODE = ['regular', 'overtime', 'on-call', 'paid-leave', 'unpaid-leave'] as const;

/** Hours that somebody worked, or was paid for, on a day. */
export class NewTimeEntry {
  @code('Worker')
  workerId!: string;

  @day('Day')
  date!: string;

  @decimal('Hours, above 0 and at most 24, up to two decimals', { example: '7.50' })
  hours!: string;

  @choice('What kind of hours', PAY_CODE)
  payCode!: (typeof PAY_CODE)[number];

  @code('Cost center that bears them')
  costCenter!: string;

  @code('Shift that they belong to', { optional: true })
  shiftId?: string;
}

export class TimeEntry extends NewTimeEntry {
  @code('Identifier', { example: 'TE-1001' })
  id!: string;

  @choice('Status', ['entered', 'approved', 'rejected'])
  status!: 'entered' | 'approved' | 'rejected';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** Hours can be corrected until they are approved. */
export class TimeEntryChange extends changeOf(TimeEntry, ['hours', 'payCode', 'costCenter', 'status']) {}
