/** 810: a supplier asks to be paid. */
import { INVOICE, readSet } from '@concord/x12';
import { takeInvoice } from '../../held/received-invoices.js';
import { invoiceFrom } from './invoice.mapping.js';
import { orderOf, type Take } from './taking.js';

export const takeSupplierInvoice: Take = async (set, taking) => {
  const { value } = readSet(INVOICE, set, { level: 0 });
  const { order: number } = value.invoice;
  const order = number ? await orderOf(taking, number) : undefined;
  const { documents, news, partner, now } = taking;
  await takeInvoice(documents, news, invoiceFrom(value, partner.supplier, order, now));
};
