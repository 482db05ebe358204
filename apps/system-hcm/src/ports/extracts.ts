import type { Page, WorkforceExtract } from '@concord/canonical';
import type { WorkforceExtractQuery } from '../queries.js';

/** The files by which a platform tells of the workforce. */
export interface Extracts {
  /** Throws `not-found`. */
  read(id: string): Promise<WorkforceExtract>;

  /** The newest first. */
  list(query: WorkforceExtractQuery): Promise<Page<WorkforceExtract>>;

  /**
   * Lets an extract be worked in, soon, that was set aside because it shrinks the workforce; one that is worked in already
   * stays as it is.
   * Throws `not-found`; `conflict` for what was set aside for another reason.
   */
  accept(id: string): Promise<WorkforceExtract>;
}
