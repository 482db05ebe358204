import { code, formatted, PageQuery, text } from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class ItemQuery extends PageQuery {
  @formatted('Global Trade Item Number, as a scanner reads it', /^[0-9]{14}$/, { optional: true })
  gtin?: string;

  @text('Part of the item number or the name, in any case', { optional: true, max: 100, example: 'vaccine' })
  text?: string;
}

export class StockLevelQuery extends PageQuery {
  @code('Stock location', { optional: true, example: 'STOCK-NORTH' })
  location?: string;

  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;
}

export class ContractPriceQuery extends PageQuery {
  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;
}

export class StockAdjustmentQuery extends PageQuery {
  @code('The business document behind it, for example the encounter', { optional: true })
  reference?: string;
}
