import { PRACTITIONER_ROLE } from './encounter.js';
import { choice, code, day, formatted, nested, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

export const WORKER_STATUS = ['pre-hire', 'active', 'on-leave', 'terminated'] as const;

const MAIL = /^[^\s@<>"]{1,64}@[A-Za-z0-9.-]{1,190}$/;

/** What an employer knows of the private life of a worker. It leaves only for `hcm/restricted.disclose`. */
export class PersonalDetails {
  @day('Date of birth', { optional: true, dataClass: 'restricted' })
  birthDate?: string;

  @formatted('Private e-mail', MAIL, { optional: true, dataClass: 'restricted' })
  email?: string;

  @text('Private telephone', { optional: true, max: 40, dataClass: 'restricted' })
  phone?: string;

  @text('Home address', { optional: true, dataClass: 'restricted' })
  address?: string;
}

/** Where somebody works: from assignment to assignment it can be another place. */
export class Placement {
  @code('Facility', { optional: true })
  facility?: string;

  @code('Org unit', { optional: true })
  orgUnit?: string;

  @code('Cost center', { optional: true })
  costCenter?: string;

  @code('Position', { optional: true })
  positionId?: string;

  @code('Worker whom he reports to', { optional: true })
  managerId?: string;
}

/** Somebody who is to join. The place becomes his first assignment, from the first day on. */
export class NewWorker extends Placement {
  @text('Name')
  name!: string;

  @choice('Role', PRACTITIONER_ROLE)
  role!: (typeof PRACTITIONER_ROLE)[number];

  @text('Job title', { optional: true })
  jobTitle?: string;

  @formatted('E-mail at work', MAIL, { optional: true, example: 'alder.testworker@example.org' })
  email?: string;

  @code('Legal entity that employs him', { optional: true })
  legalEntity?: string;

  @day('First day')
  startsOn!: string;

  @nested('What is nobody else’s business', () => PersonalDetails, { optional: true, dataClass: 'restricted' })
  personal?: PersonalDetails;
}

/** A worker of the health system, in the place that he has today. */
export class Worker extends NewWorker {
  @code('Worker number', { example: 'W-1001' })
  id!: string;

  @choice('Status; `pre-hire` until his onboarding is done', WORKER_STATUS)
  status!: (typeof WORKER_STATUS)[number];

  @day('Last day, of somebody who has left or is to leave', { optional: true })
  lastDay?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** What can be changed of a worker at once. A move is a new assignment; leaving is a termination. */
export class WorkerChange extends changeOf(Worker, ['name', 'role', 'jobTitle', 'email', 'legalEntity', 'personal']) {}
