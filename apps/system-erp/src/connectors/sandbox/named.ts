import type { ErpItem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { unknown } from '../purchasing-rules.js';
import type { Documents, Stored } from './documents.store.js';

/** What a code names. Throws `unknown-code` where it names nothing. */
export async function named<T extends Stored>(
  what: string,
  documents: Documents<T>,
  id: string,
  tx: Database,
): Promise<T> {
  const found = await documents.findById(id, tx);
  if (!found) throw unknown(`There is no such ${what}`, { [what]: id });
  return found;
}

/** Throws `unknown-code` for an item that is not known, and for one of stock in another unit than that of its value. */
export async function checkItem(
  { item, unit }: { item?: string; unit: string },
  items: Documents<ErpItem>,
  tx: Database,
): Promise<void> {
  if (!item) return;
  const known = await named('item', items, item, tx);
  if (known.kind === 'stocked' && known.unit !== unit) throw unknown('The item has no such unit', { item, unit });
}
