import {
  CATALOGUE_CHANGE_KINDS,
  ChangesQuery,
  choice,
  code,
  day,
  formatted,
  instant,
  PageQuery,
  RECEIVED_INVOICE_STATUSES,
  SHIPMENT_STATUSES,
  SUPPLY_ORDER_STATUSES,
  SUPPLY_REQUISITION_STATUSES,
  text,
  type CatalogueChange,
  type ReceivedInvoice,
  type ShipmentNotice,
  type SupplyOrder,
  type SupplyRequisition,
} from '@concord/canonical';

/** What the lists of this API can be asked for; a filter that is left out lets everything pass. */
export class ItemQuery extends ChangesQuery {
  @formatted('Global Trade Item Number, as a scanner reads it', /^[0-9]{14}$/, { optional: true })
  gtin?: string;

  @text('Part of the item number or the name, in any case', { optional: true, max: 100, example: 'vaccine' })
  text?: string;
}

export class SupplierItemQuery extends ChangesQuery {
  @code('Supplier', { optional: true, example: 'SUP-HARBOR-MEDICAL' })
  supplier?: string;

  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;
}

export class SupplierStockQuery extends SupplierItemQuery {}

export class CatalogueChangeQuery extends ChangesQuery {
  @code('Supplier', { optional: true })
  supplier?: string;

  @choice('What happened', CATALOGUE_CHANGE_KINDS, { optional: true })
  kind?: CatalogueChange['kind'];
}

export class SupplyContractQuery extends ChangesQuery {
  @code('Supplier', { optional: true })
  supplier?: string;
}

export class ContractPriceQuery extends ChangesQuery {
  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;

  @code('Supplier', { optional: true, example: 'SUP-HARBOR-MEDICAL' })
  supplier?: string;

  @day('Day on which the price has to hold', { optional: true, example: '2026-11-21' })
  date?: string;
}

export class StockLevelQuery extends ChangesQuery {
  @code('Stock location', { optional: true, example: 'STOCK-NORTH' })
  location?: string;

  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;
}

export class StockLotQuery extends StockLevelQuery {
  @text('Lot', { optional: true, max: 40 })
  lot?: string;

  @day('Only what may not be used any more on this day', { optional: true })
  expires_before?: string;
}

/** A sum over a span, which has no moment of its own at which it was changed. */
export class ItemUsageQuery extends PageQuery {
  @code('Stock location', { optional: true, example: 'STOCK-NORTH' })
  location?: string;

  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;

  @instant('Used at this moment or later', { optional: true })
  since?: string;

  @instant('Used before this moment', { optional: true })
  until?: string;
}

export class ParLevelQuery extends ChangesQuery {
  @code('Stock location', { optional: true })
  location?: string;

  @code('Item', { optional: true })
  item_id?: string;
}

export class StockAdjustmentQuery extends ChangesQuery {
  @code('The business document behind it, for example the encounter', { optional: true })
  reference?: string;
}

export class StockTransferQuery extends ChangesQuery {
  @code('The business document behind it, for example the requisition', { optional: true })
  reference?: string;

  @code('Stock location that it left', { optional: true })
  from?: string;

  @code('Stock location that it came to', { optional: true })
  to?: string;
}

/** A comparison that is made when it is asked for, and has no moment at which it was changed. */
export class ReplenishmentNeedQuery extends PageQuery {
  @code('Stock location', { optional: true, example: 'STOCK-NORTH' })
  location?: string;

  @code('Item', { optional: true, example: 'VAC-FLU' })
  item_id?: string;

  @choice('`true` for what is below its reorder point only', ['true', 'false'], { optional: true })
  due?: 'true' | 'false';
}

export class SupplyRequisitionQuery extends ChangesQuery {
  @code('Stock location', { optional: true })
  location?: string;

  @choice('Status', SUPPLY_REQUISITION_STATUSES, { optional: true })
  status?: SupplyRequisition['status'];
}

export class SupplyOrderQuery extends ChangesQuery {
  @code('Supplier', { optional: true })
  supplier?: string;

  @choice('Status', SUPPLY_ORDER_STATUSES, { optional: true })
  status?: SupplyOrder['status'];

  @instant('Sent at this moment or before, and not acknowledged by the supplier yet', { optional: true })
  unacknowledged_since?: string;
}

export class OrderConfirmationQuery extends ChangesQuery {
  @code('Order', { optional: true })
  order?: string;
}

export class ShipmentNoticeQuery extends OrderConfirmationQuery {
  @text('Number of the shipment, as the supplier counts and his delivery note tells', { optional: true, max: 40 })
  number?: string;

  @choice('Status; what is still on its way is `shipped`', SHIPMENT_STATUSES, { optional: true })
  status?: ShipmentNotice['status'];
}

export class ShipmentReceiptQuery extends ChangesQuery {
  @text('Shipment notice', { optional: true, max: 200 })
  shipment?: string;

  @code('Order', { optional: true })
  order?: string;

  @code('Stock location where it came', { optional: true })
  location?: string;
}

export class BackorderQuery extends ChangesQuery {
  @code('Order', { optional: true })
  order?: string;

  @code('Item', { optional: true })
  item_id?: string;
}

export class ReceivedInvoiceQuery extends ChangesQuery {
  @code('Supplier', { optional: true })
  supplier?: string;

  @code('Our order', { optional: true })
  order?: string;

  @text('Number that the supplier gave it', { optional: true, max: 40 })
  number?: string;

  @choice('Status; those that wait to be entered in the ERP are `received`', RECEIVED_INVOICE_STATUSES, {
    optional: true,
  })
  status?: ReceivedInvoice['status'];
}
