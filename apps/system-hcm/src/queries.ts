import { choice, code, day, PageQuery, PRACTITIONER_ROLE, type LaborRate, type Worker } from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class WorkerQuery extends PageQuery {
  @choice('Role', PRACTITIONER_ROLE, { optional: true })
  role?: Worker['role'];

  @choice('Status', ['active', 'terminated'], { optional: true })
  status?: Worker['status'];

  @code('Cost center', { optional: true, example: 'CC-NORTH-PRIMARY-CARE' })
  cost_center?: string;
}

export class ShiftQuery extends PageQuery {
  @code('Worker', { optional: true, example: 'W-1001' })
  worker_id?: string;

  @code('Facility', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;

  @day('Day', { optional: true })
  date?: string;
}

export class LaborRateQuery extends PageQuery {
  @choice('Role', PRACTITIONER_ROLE, { optional: true })
  role?: LaborRate['role'];
}

export class LaborAllocationQuery extends PageQuery {
  @code('The business document behind it, for example the encounter', { optional: true })
  reference?: string;
}
