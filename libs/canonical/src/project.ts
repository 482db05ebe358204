import { choice, code, day, nested, text } from './field.js';
import { Money } from './money.js';
import { changedAt, revision } from './revision.js';

/** A project, or a grant that somebody else pays for within a period of performance (2 CFR 200.309). */
export class Project {
  @code('Code', { example: 'GRANT-HRSA-2026' })
  id!: string;

  @text('Name')
  name!: string;

  @choice('Project or grant', ['project', 'grant'])
  kind!: 'project' | 'grant';

  @code('Legal entity')
  legalEntity!: string;

  @code('Cost center')
  costCenter!: string;

  @text('Who pays for a grant', { optional: true })
  sponsor?: string;

  @code('Number of the award', { optional: true })
  award?: string;

  @day('First day of the period of performance')
  startsOn!: string;

  @day('Last day of the period of performance')
  endsOn!: string;

  @nested('What may be spent', () => Money)
  budget!: Money;

  @nested('Ordered, but not received yet', () => Money)
  committed!: Money;

  @nested('Spent', () => Money)
  actual!: Money;

  @nested('What is left: budget less committed less actual', () => Money)
  available!: Money;

  @choice('Status', ['open', 'closed'])
  status!: 'open' | 'closed';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
