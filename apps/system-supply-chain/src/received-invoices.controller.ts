import { Body, Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { NewInvoiceEntry, pageOf, ReceivedInvoice, type Page } from '@concord/canonical';
import { ReceivedInvoices } from './ports/invoices.port.js';
import { ReceivedInvoiceQuery } from './queries.js';

export const ReceivedInvoicePage = pageOf(ReceivedInvoice);

@Resource('received-invoices')
export class ReceivedInvoicesController {
  constructor(private readonly invoices: ReceivedInvoices) {}

  @Endpoint('GET', {
    scope: 'supply-chain/invoice.read',
    summary: 'List invoices as suppliers sent them, for example those not yet in the ERP',
    answer: ReceivedInvoicePage,
  })
  listReceivedInvoices(@Query() query: ReceivedInvoiceQuery): Promise<Page<ReceivedInvoice>> {
    return this.invoices.listReceivedInvoices(query);
  }

  @Endpoint('GET :id', {
    scope: 'supply-chain/invoice.read',
    summary: 'Read an invoice as the supplier sent it',
    answer: ReceivedInvoice,
  })
  readReceivedInvoice(@Param('id') id: string): Promise<ReceivedInvoice> {
    return this.invoices.readReceivedInvoice(id);
  }

  @Endpoint('POST :id/entry', {
    scope: 'supply-chain/invoice.write',
    summary: 'Note that an invoice was entered in the ERP',
    answer: ReceivedInvoice,
  })
  enterReceivedInvoice(@Param('id') id: string, @Body() entry: NewInvoiceEntry): Promise<ReceivedInvoice> {
    return this.invoices.enterReceivedInvoice(id, entry.supplierInvoice);
  }
}
