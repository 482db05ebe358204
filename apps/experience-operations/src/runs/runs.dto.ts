import { choice, code, pageOf, PageQuery, Run } from '@concord/canonical';
import { RUN_STATUS } from '@concord/workflow';

export const RunPage = pageOf(Run);

/** What the list of runs can be asked for; a filter that is left out lets everything pass. */
export class RunQuery extends PageQuery {
  @choice('Where it stands', RUN_STATUS, { optional: true })
  status?: (typeof RUN_STATUS)[number];

  @code('Workflow', { optional: true, example: 'encounter-to-finance' })
  workflow?: string;

  @code('Any business number: encounter, claim, stock adjustment, journal entry', {
    optional: true,
    example: 'CLM-000123',
  })
  number?: string;
}
