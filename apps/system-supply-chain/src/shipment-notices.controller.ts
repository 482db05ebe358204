import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, ShipmentNotice, type Page } from '@concord/canonical';
import { Fulfilment } from './ports/ordering.port.js';
import { ShipmentNoticeQuery } from './queries.js';

export const ShipmentNoticePage = pageOf(ShipmentNotice);

@Resource('shipment-notices')
export class ShipmentNoticesController {
  constructor(private readonly fulfilment: Fulfilment) {}

  @Endpoint('GET', {
    scope: 'supply-chain/order.read',
    summary: 'List what suppliers have sent off',
    answer: ShipmentNoticePage,
  })
  listShipmentNotices(@Query() query: ShipmentNoticeQuery): Promise<Page<ShipmentNotice>> {
    return this.fulfilment.listShipmentNotices(query);
  }
}
