import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { NewReversal, NewSupplierInvoice, type Page, SupplierInvoice, pageOf } from '@concord/canonical';
import { SupplierInvoices } from './ports/payables.port.js';
import { SupplierInvoiceQuery } from './queries.js';

export const SupplierInvoicePage = pageOf(SupplierInvoice);

@Resource('supplier-invoices')
export class SupplierInvoicesController {
  constructor(private readonly invoices: SupplierInvoices) {}

  @Endpoint('POST', {
    scope: 'erp/supplier-invoice.write',
    summary: 'Post a supplier invoice',
    status: 201,
    location: 'supplier-invoices',
    answer: SupplierInvoice,
  })
  createSupplierInvoice(@BusinessKey() key: string, @Body() invoice: NewSupplierInvoice): Promise<SupplierInvoice> {
    return this.invoices.createSupplierInvoice(key, invoice);
  }

  @Endpoint('GET :id', {
    scope: 'erp/supplier-invoice.read',
    summary: 'Read a supplier invoice and how it matches',
    answer: SupplierInvoice,
  })
  readSupplierInvoice(@Param('id') id: string): Promise<SupplierInvoice> {
    return this.invoices.readSupplierInvoice(id);
  }

  @Endpoint('GET', {
    scope: 'erp/supplier-invoice.read',
    summary: 'List supplier invoices by supplier, number, order and match',
    answer: SupplierInvoicePage,
  })
  listSupplierInvoices(@Query() query: SupplierInvoiceQuery): Promise<Page<SupplierInvoice>> {
    return this.invoices.listSupplierInvoices(query);
  }

  @Endpoint('POST :id/cancellation', {
    scope: 'erp/supplier-invoice.write',
    summary: 'Cancel a supplier invoice that is not paid',
    answer: SupplierInvoice,
  })
  cancelSupplierInvoice(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<SupplierInvoice> {
    return this.invoices.cancelSupplierInvoice(key, id, reversal);
  }
}
