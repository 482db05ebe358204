import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewSupplyOrder, pageOf, SupplyOrder, SupplyOrderChange, type Page } from '@concord/canonical';
import { SupplyOrders } from './ports/ordering.port.js';
import { SupplyOrderQuery } from './queries.js';

export const SupplyOrderPage = pageOf(SupplyOrder);

@Resource('orders')
export class OrdersController {
  constructor(private readonly supplyOrders: SupplyOrders) {}

  @Endpoint('POST', {
    scope: 'supply-chain/order.write',
    summary: 'Send an order to a supplier',
    status: 201,
    answer: SupplyOrder,
    location: 'orders',
  })
  createOrder(@BusinessKey() key: string, @Body() order: NewSupplyOrder): Promise<SupplyOrder> {
    return this.supplyOrders.createOrder(key, order);
  }

  @Endpoint('GET', {
    scope: 'supply-chain/order.read',
    summary: 'List orders, for example those that no supplier has acknowledged',
    answer: SupplyOrderPage,
  })
  listOrders(@Query() query: SupplyOrderQuery): Promise<Page<SupplyOrder>> {
    return this.supplyOrders.listOrders(query);
  }

  @Endpoint('GET :id', { scope: 'supply-chain/order.read', summary: 'Read an order', answer: SupplyOrder })
  readOrder(@Param('id') id: string): Promise<SupplyOrder> {
    return this.supplyOrders.readOrder(id);
  }

  @Endpoint('PATCH :id', {
    scope: 'supply-chain/order.write',
    summary: 'Change an order that the supplier has',
    answer: SupplyOrder,
  })
  changeOrder(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @Body() change: SupplyOrderChange,
  ): Promise<SupplyOrder> {
    return this.supplyOrders.changeOrder(id, expected, change);
  }

  @Endpoint('POST :id/cancellation', {
    scope: 'supply-chain/order.write',
    summary: 'Cancel an order of which nothing was shipped',
    answer: SupplyOrder,
  })
  cancelOrder(@Param('id') id: string): Promise<SupplyOrder> {
    return this.supplyOrders.cancelOrder(id);
  }
}
