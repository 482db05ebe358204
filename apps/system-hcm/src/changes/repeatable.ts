import { canonicalJson, mergePatch, Problem, type ChangesQuery, type MergePatch, type Page } from '@concord/canonical';
import type { Versioned } from '../connectors/record/kind.js';
import type { Changeable } from '../ports/resource.js';
import type { ChangeAttempts } from './change-attempts.js';

/**
 * A resource whose changes can be repeated: a change that was begun before under its key, is refused as stale, and whose
 * content is there, is the one that was done, and its reply was lost (RFC 9110, 13.1.1). Other platforms keep no keys of
 * changes, so that this is known here.
 */
export class Repeatable<
  T extends Versioned,
  Query extends ChangesQuery,
  New,
  Change extends object,
> implements Changeable<T, Query, New, Change> {
  constructor(
    private readonly resource: Changeable<T, Query, New, Change>,
    private readonly name: string,
    private readonly attempts: ChangeAttempts,
  ) {}

  read(id: string): Promise<T> {
    return this.resource.read(id);
  }

  list(query: Query): Promise<Page<T>> {
    return this.resource.list(query);
  }

  create(businessKey: string, fresh: New): Promise<T> {
    return this.resource.create(businessKey, fresh);
  }

  async change(id: string, change: Change, expected: string, businessKey?: string): Promise<T> {
    const isFirst = businessKey === undefined || (await this.attempts.begin(businessKey, `${this.name}/${id}`));
    try {
      return await this.resource.change(id, change, expected);
    } catch (error) {
      if (isFirst || !(error instanceof Problem) || error.slug !== 'stale') throw error;
      const now = await this.resource.read(id);
      if (!holds(now, change)) throw error;
      return now;
    }
  }
}

/** Whether a change would change nothing. */
const holds = <T extends object>(now: T, change: object): boolean =>
  canonicalJson(mergePatch(now, change as MergePatch<T>)) === canonicalJson(now);
