import { choice, code, pageOf, PageQuery, RunException } from '@concord/canonical';
import { OWNERS } from '@concord/workflow';

export const RunExceptionPage = pageOf(RunException);

/** What the list of exceptions can be asked for; all that is not resolved where no status is said. */
export class RunExceptionQuery extends PageQuery {
  @choice('Where it stands', ['open', 'resolving', 'resolved'], { optional: true })
  status?: RunException['status'];

  @choice('Whose work it is', OWNERS, { optional: true })
  owner?: (typeof OWNERS)[number];

  @code('Run', { optional: true, example: 'encounter-to-finance:5a018e7c-5680-4426-98a8-6ffaf4fc70a4' })
  run?: string;
}
