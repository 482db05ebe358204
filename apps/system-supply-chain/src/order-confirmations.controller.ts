import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { OrderConfirmation, pageOf, type Page } from '@concord/canonical';
import { Fulfilment } from './ports/ordering.port.js';
import { OrderConfirmationQuery } from './queries.js';

export const OrderConfirmationPage = pageOf(OrderConfirmation);

@Resource('order-confirmations')
export class OrderConfirmationsController {
  constructor(private readonly fulfilment: Fulfilment) {}

  @Endpoint('GET', {
    scope: 'supply-chain/order.read',
    summary: 'List what suppliers answered to orders',
    answer: OrderConfirmationPage,
  })
  listOrderConfirmations(@Query() query: OrderConfirmationQuery): Promise<Page<OrderConfirmation>> {
    return this.fulfilment.listOrderConfirmations(query);
  }
}
