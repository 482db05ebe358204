import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ClinicalOrder, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { OrderQuery } from './queries.js';

export const ClinicalOrderPage = pageOf(ClinicalOrder);

@Resource('orders')
export class OrdersController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/order.read', summary: 'Read an order', answer: ClinicalOrder })
  readOrder(@Param('id') id: string): Promise<ClinicalOrder> {
    return this.ehr.read('order', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/order.read',
    summary: 'List orders by encounter, patient, status and change',
    answer: ClinicalOrderPage,
  })
  listOrders(@Query() query: OrderQuery): Promise<Page<ClinicalOrder>> {
    return this.ehr.list('order', query);
  }
}
