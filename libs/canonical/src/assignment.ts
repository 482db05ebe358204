import { choice, code, day, decimal } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

/** A place for a worker from a day on, which may lie ahead. The assignment before ends on the day before. */
export class NewAssignment {
  @code('Worker')
  workerId!: string;

  @day('First day')
  startsOn!: string;

  @code('Facility', { optional: true })
  facility?: string;

  @code('Org unit')
  orgUnit!: string;

  @code('Cost center')
  costCenter!: string;

  @code('Position', { optional: true })
  positionId?: string;

  @code('Worker whom he reports to there', { optional: true })
  managerId?: string;

  @decimal('Full-time equivalents, up to two decimals', { example: '1.00' })
  fte!: string;

  @choice('Why', ['hire', 'move', 'return'])
  reason!: 'hire' | 'move' | 'return';
}

export class Assignment extends NewAssignment {
  @code('Identifier', { example: 'ASG-1001' })
  id!: string;

  @day('Last day; absent of the one that is open', { optional: true })
  endsOn?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** An assignment that lies ahead can be changed; what has begun is history, and a move is a new one. */
export class AssignmentChange extends changeOf(Assignment, [
  'facility',
  'orgUnit',
  'costCenter',
  'positionId',
  'managerId',
  'fte',
]) {}
