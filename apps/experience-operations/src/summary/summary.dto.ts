import { choice, count, list, Money } from '@concord/canonical';
import { OWNERS, RUN_STATUS } from '@concord/workflow';

export class RunCount {
  @choice('Where they stand', RUN_STATUS)
  status!: (typeof RUN_STATUS)[number];

  @count('Runs')
  runs!: number;
}

/** What waits for one team. */
export class OpenExceptionCount {
  @choice('Whose work it is', OWNERS)
  owner!: (typeof OWNERS)[number];

  @count('Exceptions that are not resolved')
  exceptions!: number;

  @count('Runs that they hold up')
  runs!: number;

  @list('Money of these runs, each run counted once; one amount for each currency', () => Money)
  atStake!: Money[];
}

/** Where all runs stand, and what waits for whom. */
export class OperationsSummary {
  @list('Runs by status', () => RunCount)
  runs!: RunCount[];

  @list('What waits, by owner', () => OpenExceptionCount)
  openExceptions!: OpenExceptionCount[];

  @list('Money that waits in all, each run counted once; one amount for each currency', () => Money)
  atStake!: Money[];
}
