/**
 * What every resource that can change carries, and how a change says what it was decided on: the revision is the
 * resource's strong entity tag (RFC 9110, 8.8.3), so that nobody overwrites a change that he has not seen.
 */
import { formatted, instant } from './field.js';
import { PageQuery } from './page.js';
import { Problem } from './problem.js';

/** What an entity tag may hold between its quotes (RFC 9110, 8.8.3), up to 200 characters. */
const REVISION = /^[!#-~]{1,200}$/;

/** The field `revision`: opaque text that is another one after every change. */
export const revision = (): PropertyDecorator =>
  formatted('Revision: another one after every change; a change sends it back as If-Match', REVISION, {
    example: '7',
  });

/** The field `changedAt`. */
export const changedAt = (): PropertyDecorator => instant('When it was last changed');

/** What a list of resources that can change is asked: a page, and from when on. */
export class ChangesQuery extends PageQuery {
  @instant('Only what was changed at this moment or later', { optional: true, example: '2026-11-21T00:00:00Z' })
  changed_since?: string;
}

/** Whether something was changed at the moment from which a list is asked for, or later; true where none is named. */
export const isChangedSince = (
  { changedAt }: { readonly changedAt: string },
  { changed_since }: Pick<ChangesQuery, 'changed_since'>,
): boolean => changed_since === undefined || Date.parse(changedAt) >= Date.parse(changed_since);

/** `"7"`: the entity tag of a revision, as `ETag` and `If-Match` carry it. */
export const entityTagOf = (revision: string): string => `"${revision}"`;

/** `If-Match: *`: whatever the resource is now, as long as there is one (RFC 9110, 13.1.1). */
export const ANY_REVISION = '*';

/**
 * The revision that an `If-Match` names, or `ANY_REVISION`. Throws `precondition-required` without one, `stale` for a
 * weak tag, which never matches (RFC 9110, 8.8.3.2), and `malformed` for anything but one quoted tag.
 */
export function expectedRevision(ifMatch: string | undefined): string {
  if (ifMatch === undefined) throw new Problem('precondition-required');
  const text = ifMatch.trim();
  if (text === ANY_REVISION) return ANY_REVISION;
  if (text.startsWith('W/')) throw new Problem('stale', 'A weak entity tag does not say what a change was decided on');
  const [, named] = /^"([!#-~]{1,200})"$/.exec(text) ?? [];
  if (named === undefined) throw new Problem('malformed', 'If-Match must name one entity tag in quotes, or *');
  return named;
}

/** Throws `stale`, which names the revision there is now, where a change was decided on another one. */
export function refuseStale(expected: string, current: string): void {
  if (expected !== ANY_REVISION && expected !== current) throw stale(current);
}

/** The refusal of a change that was decided on an older revision; `current` where it is known. */
export const stale = (current?: string): Problem =>
  new Problem('stale', undefined, current === undefined ? {} : { context: { revision: current } });
