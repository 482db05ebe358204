import { PRACTITIONER_ROLE } from './encounter.js';
import { choice, code, decimal, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

export const POSITION_STATUS = ['open', 'filled', 'frozen', 'closed'] as const;

/** A place on the establishment, to be budgeted and to be filled. */
export class NewPosition {
  @text('Title', { example: 'Registered nurse, primary care' })
  title!: string;

  @choice('Role', PRACTITIONER_ROLE)
  role!: (typeof PRACTITIONER_ROLE)[number];

  @code('Org unit')
  orgUnit!: string;

  @code('Cost center')
  costCenter!: string;

  @decimal('Full-time equivalents, up to two decimals', { example: '1.00' })
  fte!: string;
}

export class Position extends NewPosition {
  @code('Identifier', { example: 'POS-1001' })
  id!: string;

  @choice('Status', POSITION_STATUS)
  status!: (typeof POSITION_STATUS)[number];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class PositionChange extends changeOf(Position, ['title', 'role', 'orgUnit', 'costCenter', 'fte', 'status']) {}
