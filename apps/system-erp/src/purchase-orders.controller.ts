import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import {
  NewApproval,
  NewPurchaseOrder,
  type Page,
  PurchaseOrder,
  PurchaseOrderChange,
  pageOf,
} from '@concord/canonical';
import { PurchaseOrders } from './ports/purchasing.port.js';
import { PurchaseOrderQuery } from './queries.js';

export const PurchaseOrderPage = pageOf(PurchaseOrder);

@Resource('purchase-orders')
export class PurchaseOrdersController {
  constructor(private readonly purchaseOrders: PurchaseOrders) {}

  @Endpoint('POST', {
    scope: 'erp/purchase-order.write',
    summary: 'Draft a purchase order',
    status: 201,
    location: 'purchase-orders',
    answer: PurchaseOrder,
  })
  createPurchaseOrder(@BusinessKey() key: string, @Body() order: NewPurchaseOrder): Promise<PurchaseOrder> {
    return this.purchaseOrders.createPurchaseOrder(key, order);
  }

  @Endpoint('GET :id', { scope: 'erp/purchase-order.read', summary: 'Read a purchase order', answer: PurchaseOrder })
  readPurchaseOrder(@Param('id') id: string): Promise<PurchaseOrder> {
    return this.purchaseOrders.readPurchaseOrder(id);
  }

  @Endpoint('GET', {
    scope: 'erp/purchase-order.read',
    summary: 'List purchase orders by status, supplier and time of change',
    answer: PurchaseOrderPage,
  })
  listPurchaseOrders(@Query() query: PurchaseOrderQuery): Promise<Page<PurchaseOrder>> {
    return this.purchaseOrders.listPurchaseOrders(query);
  }

  @Endpoint('PATCH :id', {
    scope: 'erp/purchase-order.write',
    summary: 'Change a purchase order that is still a draft',
    answer: PurchaseOrder,
  })
  changePurchaseOrder(
    @IfMatch() revision: string,
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() change: PurchaseOrderChange,
  ): Promise<PurchaseOrder> {
    return this.purchaseOrders.changePurchaseOrder(id, revision, change, key);
  }

  @Endpoint('POST :id/submission', {
    scope: 'erp/purchase-order.write',
    summary: 'Submit a purchase order for approval',
    answer: PurchaseOrder,
  })
  submitPurchaseOrder(@Param('id') id: string): Promise<PurchaseOrder> {
    return this.purchaseOrders.stepPurchaseOrder(id, 'submit');
  }

  @Endpoint('POST :id/approval', {
    scope: 'erp/purchase-order-approval.write',
    summary: 'Approve a purchase order',
    answer: PurchaseOrder,
  })
  approvePurchaseOrder(@Param('id') id: string, @Body() approval: NewApproval): Promise<PurchaseOrder> {
    return this.purchaseOrders.stepPurchaseOrder(id, 'approve', approval);
  }

  @Endpoint('POST :id/dispatch', {
    scope: 'erp/purchase-order.write',
    summary: 'Say that the supplier has got the purchase order',
    answer: PurchaseOrder,
  })
  sendPurchaseOrder(@Param('id') id: string): Promise<PurchaseOrder> {
    return this.purchaseOrders.stepPurchaseOrder(id, 'send');
  }

  @Endpoint('POST :id/closure', {
    scope: 'erp/purchase-order.write',
    summary: 'Close a purchase order of which nothing more will come',
    answer: PurchaseOrder,
  })
  closePurchaseOrder(@Param('id') id: string): Promise<PurchaseOrder> {
    return this.purchaseOrders.stepPurchaseOrder(id, 'close');
  }

  @Endpoint('POST :id/cancellation', {
    scope: 'erp/purchase-order.write',
    summary: 'Cancel a purchase order of which nothing has come',
    answer: PurchaseOrder,
  })
  cancelPurchaseOrder(@Param('id') id: string): Promise<PurchaseOrder> {
    return this.purchaseOrders.stepPurchaseOrder(id, 'cancel');
  }
}
