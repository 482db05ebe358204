import { DEFAULT_PAGE_SIZE, pagePosition, toPage, type Page, type PageQuery } from '@concord/canonical';
import type { Condition, ForeignRecord, ODataRecords } from './odata.records.js';
import type { EntityName } from './profile.js';

const isKey = (value: unknown): boolean => typeof value === 'string';

/** A page of entities in the order of their keys; the token is the last key. */
export async function pageOfRecords<T>(
  records: ODataRecords,
  name: EntityName,
  query: PageQuery & { changed_since?: string },
  where: readonly Condition[],
  map: (record: ForeignRecord) => T,
): Promise<Page<T>> {
  const { page_size = DEFAULT_PAGE_SIZE, page_token, changed_since } = query;
  const after = pagePosition<string>(page_token, isKey);
  const since: Condition[] = changed_since === undefined ? [] : [['changedAt', 'ge', changed_since]];
  const found = await records.list(name, { where: [...where, ...since], after, most: page_size + 1 });
  return toPage(found, page_size, (record) => String(record.values['id'] ?? record.values['code']), map);
}
