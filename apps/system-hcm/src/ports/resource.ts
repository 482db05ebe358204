import type { Page } from '@concord/canonical';

/** A resource of the platform that can be read. Any method may fail with `upstream-unavailable` or `upstream-timeout`. */
export interface Readable<T, Query> {
  /** Throws `not-found`. */
  read(id: string): Promise<T>;

  /** In the order of the identifiers, which is the same from page to page. */
  list(query: Query): Promise<Page<T>>;
}

/** One that can be made and changed, too. After a failure on the way both are repeated with the same arguments. */
export interface Changeable<T, Query, New, Change> extends Readable<T, Query> {
  /**
   * The same business key again returns what it made first. Throws `unknown-code` for a code that the platform does not
   * know, `conflict` where the state of things does not allow it, `upstream-rejected` for what else it refuses, and
   * `not-supported` where it takes no changes.
   */
  create(businessKey: string, fresh: New): Promise<T>;

  /**
   * A merge patch (RFC 7396) of what was read at a revision. Throws `not-found`; `stale` where it has changed since; else
   * as `create`. With a business key a change whose reply was lost is found done when it is repeated: no second effect, and
   * no `stale` for what was our own.
   */
  change(id: string, change: Change, expected: string, businessKey?: string): Promise<T>;
}
