import type { ErpItem, Page } from '@concord/canonical';
import type { ErpItemQuery } from '../queries.js';

/** Items as the books see them. */
export abstract class Items {
  /** Throws `not-found`. */
  abstract readItem(id: string): Promise<ErpItem>;

  /** By number. */
  abstract listItems(query: ErpItemQuery): Promise<Page<ErpItem>>;
}
