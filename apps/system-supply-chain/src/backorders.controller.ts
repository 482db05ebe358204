import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Backorder, pageOf, type Page } from '@concord/canonical';
import { Fulfilment } from './ports/ordering.port.js';
import { BackorderQuery } from './queries.js';

export const BackorderPage = pageOf(Backorder);

@Resource('backorders')
export class BackordersController {
  constructor(private readonly fulfilment: Fulfilment) {}

  @Endpoint('GET', {
    scope: 'supply-chain/order.read',
    summary: 'List what suppliers owe and cannot deliver yet',
    answer: BackorderPage,
  })
  listBackorders(@Query() query: BackorderQuery): Promise<Page<Backorder>> {
    return this.fulfilment.listBackorders(query);
  }
}
