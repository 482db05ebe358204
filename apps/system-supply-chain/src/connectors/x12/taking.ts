/** What a set that came is worked in with. */
import type { Item, SupplyOrder } from '@concord/canonical';
import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import type { X12Set } from '@concord/x12';
import type { Documents } from '../../held/documents.store.js';
import type { OrderAnswers } from '../../held/order-answers.js';
import type { SupplyNews } from '../../held/supply-news.js';
import type { TradingPartner } from './partner.js';

export interface Taking {
  readonly tx: Database;
  readonly documents: Documents;
  readonly answers: OrderAnswers;
  readonly news: SupplyNews;
  readonly partner: TradingPartner;
  readonly now: Date;
  /** Number of the interchange. */
  readonly control: string;
  readonly itemOf: (id: string) => Item | undefined;
}

/** Works in one transaction set, which follows its guide. */
export type Take = (set: X12Set, taking: Taking) => Promise<void>;

/** An order that went to this supplier; another supplier's order is none of his. */
export async function orderOf(
  { documents, partner: { supplier } }: Taking,
  number = '',
): Promise<SupplyOrder | undefined> {
  const order = await documents.find('order', number);
  if (order?.supplier === supplier) return order;
  log.warn('x12.order-unknown', { target: supplier });
  return undefined;
}

/** The number of an item by X12 element 235: IN the buyer's, VN the vendor's, LT lot, SN serial number. */
export const numbered = (
  products: readonly { qualifier: string; id: string }[] | undefined,
  qualifier: string,
): string | undefined => products?.find((one) => one.qualifier === qualifier)?.id;
