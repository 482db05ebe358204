/** What suppliers say about what they sell: 832 items and prices, 846 how much of it they have. */
import { INVENTORY_ADVICE, PRICE_CATALOGUE, readSet, type AdvisedItem, type CatalogueItem } from '@concord/x12';
import { listPriceOn } from '../../stores/list-price.js';
import { advisedAt, availableOf, changeOf, pricesOf } from './catalogue.mapping.js';
import { numbered, type Take, type Taking } from './taking.js';

export const takeCatalogue: Take = async (set, taking) => {
  const { items = [], currency } = readSet(PRICE_CATALOGUE, set, { level: 0 }).value;
  const { partner, control } = taking;
  for (const [index, item] of items.entries()) {
    await takeItem(item, `${partner.supplier}:${control}:${index + 1}`, currency?.currency ?? 'USD', taking);
  }
};

async function takeItem(item: CatalogueItem, id: string, currency: string, taking: Taking): Promise<void> {
  const { documents, partner, now, itemOf } = taking;
  const prices = pricesOf(item, currency);
  const change = changeOf(item, prices);
  if (!change) return;
  const known = await soldAs(item.item.products, taking);
  if (!(await documents.find('catalogue-change', id))) {
    await documents.add('catalogue-change', id, undefined, {
      supplier: partner.supplier,
      itemId: known?.itemId,
      ...change,
    });
  }
  if (!known) return;
  const { id: at, revision: _revision, changedAt: _changedAt, ...body } = known;
  // What holds today stays when only a later price is told.
  const listPrice = listPriceOn(known, itemOf(known.itemId), now.toISOString().slice(0, 10));
  const told = prices.length > 0 ? { listPrice, prices } : {};
  await documents.put('supplier-item', at, { ...body, ...told, orderable: change.kind !== 'discontinued' });
}

export const takeInventory: Take = async (set, taking) => {
  const { advice, items = [] } = readSet(INVENTORY_ADVICE, set, { level: 0 }).value;
  const asOf = advisedAt(advice);
  for (const item of items) await takeAdvice(item, asOf, taking);
};

/** What was said before does not replace what was said after, whichever comes first. */
async function takeAdvice(item: AdvisedItem, asOf: string, taking: Taking): Promise<void> {
  const { documents, partner } = taking;
  const { supplier } = partner;
  const number = numbered(item.item.products, 'VN');
  const told = availableOf(item);
  if (!number || !told) return;
  const id = `${supplier}:${number}`;
  const before = await documents.find('supplier-stock', id);
  if (before && before.asOf > asOf) return;
  const known = await soldAs(item.item.products, taking);
  const unit = told.unit ?? known?.orderUnit;
  await documents.put('supplier-stock', id, {
    supplier,
    supplierItemNumber: number,
    itemId: known?.itemId,
    available: told.available,
    unit,
    asOf,
  });
}

/** The item as this supplier sells it, by our own number of it. */
async function soldAs(products: CatalogueItem['item']['products'], { documents, partner }: Taking) {
  const ours = numbered(products, 'IN');
  return ours ? documents.find('supplier-item', `${partner.supplier}:${ours}`) : undefined;
}
