import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { NewReversal, NewShipmentReceipt, pageOf, ShipmentReceipt, type Page } from '@concord/canonical';
import { Receiving } from './ports/receiving.port.js';
import { ShipmentReceiptQuery } from './queries.js';

export const ShipmentReceiptPage = pageOf(ShipmentReceipt);

@Resource('shipment-receipts')
export class ShipmentReceiptsController {
  constructor(private readonly receiving: Receiving) {}

  @Endpoint('POST', {
    scope: 'supply-chain/shipment-receipt.write',
    summary: 'Receive what came of a shipment into the stock',
    status: 201,
    answer: ShipmentReceipt,
    location: 'shipment-receipts',
  })
  createShipmentReceipt(@BusinessKey() key: string, @Body() receipt: NewShipmentReceipt): Promise<ShipmentReceipt> {
    return this.receiving.createShipmentReceipt(key, receipt);
  }

  @Endpoint('GET', {
    scope: 'supply-chain/shipment-receipt.read',
    summary: 'List what was received by shipment, order and location',
    answer: ShipmentReceiptPage,
  })
  listShipmentReceipts(@Query() query: ShipmentReceiptQuery): Promise<Page<ShipmentReceipt>> {
    return this.receiving.listShipmentReceipts(query);
  }

  @Endpoint('GET :id', {
    scope: 'supply-chain/shipment-receipt.read',
    summary: 'Read what was received',
    answer: ShipmentReceipt,
  })
  readShipmentReceipt(@Param('id') id: string): Promise<ShipmentReceipt> {
    return this.receiving.readShipmentReceipt(id);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'supply-chain/shipment-receipt.write',
    summary: 'Take a receipt back',
    status: 201,
    answer: ShipmentReceipt,
    location: 'shipment-receipts',
  })
  reverseShipmentReceipt(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<ShipmentReceipt> {
    return this.receiving.reverseShipmentReceipt(key, id, reversal);
  }
}
