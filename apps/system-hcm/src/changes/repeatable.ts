import type { ChangesQuery, Page } from '@concord/canonical';
import type { ChangeAttempts } from '@concord/resilience';
import type { Versioned } from '../connectors/record/kind.js';
import type { Changeable } from '../ports/resource.js';

/** A resource whose changes can be repeated. Other platforms keep no keys of changes, so that this is known here. */
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

  change(id: string, change: Change, expected: string, businessKey?: string): Promise<T> {
    return this.attempts.repeatable(`${this.name}/${id}`, businessKey, change, {
      make: () => this.resource.change(id, change, expected),
      read: () => this.resource.read(id),
    });
  }
}
