import {
  ChangesQuery,
  choice,
  code,
  CREDENTIAL_KIND,
  day,
  EXTRACT_STATUS,
  ONBOARDING_STATE,
  POSITION_STATUS,
  PRACTITIONER_ROLE,
  TERMINATION_STATE,
  WORKER_STATUS,
  type LaborRate,
  type Onboarding,
  type Position,
  type Termination,
  type Worker,
  type WorkforceExtract,
} from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class WorkerQuery extends ChangesQuery {
  @choice('Role', PRACTITIONER_ROLE, { optional: true })
  role?: Worker['role'];

  @choice('Status', WORKER_STATUS, { optional: true })
  status?: Worker['status'];

  @code('Cost center', { optional: true, example: 'CC-NORTH-PRIMARY-CARE' })
  cost_center?: string;

  @code('Org unit', { optional: true })
  org_unit?: string;
}

export class PositionQuery extends ChangesQuery {
  @choice('Status', POSITION_STATUS, { optional: true })
  status?: Position['status'];

  @code('Org unit', { optional: true })
  org_unit?: string;
}

export class AssignmentQuery extends ChangesQuery {
  @code('Worker', { optional: true, example: 'W-1001' })
  worker_id?: string;

  @code('Cost center', { optional: true })
  cost_center?: string;

  @day('Only those in force on this day', { optional: true })
  effective_on?: string;
}

export class OrgUnitQuery extends ChangesQuery {
  @code('The org unit above', { optional: true })
  parent_id?: string;

  @code('Cost center', { optional: true })
  cost_center?: string;
}

export class ShiftQuery extends ChangesQuery {
  @code('Worker', { optional: true, example: 'W-1001' })
  worker_id?: string;

  @code('Facility', { optional: true, example: 'CLINIC-NORTH' })
  facility?: string;

  @day('Day', { optional: true })
  date?: string;
}

export class TimeEntryQuery extends ChangesQuery {
  @code('Worker', { optional: true, example: 'W-1001' })
  worker_id?: string;

  @day('Day', { optional: true })
  date?: string;

  @code('Cost center', { optional: true })
  cost_center?: string;
}

export class PayResultQuery extends ChangesQuery {
  @code('Worker', { optional: true, example: 'W-1001' })
  worker_id?: string;

  @code('Pay period', { optional: true, example: '2026-02' })
  period?: string;
}

export class CredentialQuery extends ChangesQuery {
  @code('Worker', { optional: true, example: 'W-1001' })
  worker_id?: string;

  @choice('Kind', CREDENTIAL_KIND, { optional: true })
  kind?: (typeof CREDENTIAL_KIND)[number];
}

/** Whether somebody may work on a day, or do what a privilege allows. */
export class CredentialValidationQuery {
  @day('Day', { example: '2026-03-02' })
  date!: string;

  @code('Privilege', { optional: true, example: 'SEDATION' })
  privilege?: string;
}

export class OnboardingQuery extends ChangesQuery {
  @code('Worker', { optional: true })
  worker_id?: string;

  @choice('State', ONBOARDING_STATE, { optional: true })
  state?: Onboarding['state'];
}

export class TerminationQuery extends ChangesQuery {
  @code('Worker', { optional: true })
  worker_id?: string;

  @choice('State', TERMINATION_STATE, { optional: true })
  state?: Termination['state'];
}

export class LaborRateQuery extends ChangesQuery {
  @choice('Role', PRACTITIONER_ROLE, { optional: true })
  role?: LaborRate['role'];
}

export class LaborAllocationQuery extends ChangesQuery {
  @code('The business document behind it, for example the encounter', { optional: true })
  reference?: string;
}

export class WorkforceExtractQuery extends ChangesQuery {
  @choice('Status', EXTRACT_STATUS, { optional: true })
  status?: WorkforceExtract['status'];
}
