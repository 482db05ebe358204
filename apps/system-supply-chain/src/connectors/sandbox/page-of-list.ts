import { DEFAULT_PAGE_SIZE, pagePosition, toPage, type Page, type PageQuery } from '@concord/canonical';

const isText = (value: unknown): boolean => typeof value === 'string';

/** A page of a list that is held in memory, in ascending order of a key that is unique in it. */
export function pageOfList<T>(items: readonly T[], query: PageQuery, keyOf: (item: T) => string): Page<T> {
  const { page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const after = pagePosition<string>(page_token, isText);
  const rest = items.filter((item) => after === undefined || keyOf(item) > after);
  return toPage(rest, page_size, keyOf, (item) => item);
}
