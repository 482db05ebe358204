/**
 * What has happened already in the synthetic health system: an order that came in part and was invoiced, one invoice that
 * is dearer than ordered, and linen that other clinics share. It is done as callers do it, so that the books balance.
 */
import { money, type Money } from '@concord/canonical';
import type { ErpPorts } from '../../connector.js';

const usd = (amount: string): Money => money(amount, 'USD');

/** Each is done once, by its business key; an ERP that has it already does nothing. */
export async function seedPostings(ports: ErpPorts, today: string): Promise<void> {
  const receive = (key: string, purchaseOrder: string, deliveryNote: string, line: number, quantity: string) =>
    ports.goodsReceipts.createGoodsReceipt(`seed/${key}`, {
      purchaseOrder,
      receivedOn: today,
      deliveryNote,
      lines: [{ line, quantity }],
    });
  await receive('receipt 1', 'PO-900005', 'DN-40118', 1, '400');
  await receive('receipt 2', 'PO-900005', 'DN-40163', 2, '30');

  const invoice = (key: string, number: string, orderLine: number, description: string, of: [string, string]) =>
    ports.supplierInvoices.createSupplierInvoice(`seed/${key}`, {
      legalEntity: 'LSP',
      supplier: 'SUP-HARBOR-MEDICAL',
      number,
      purchaseOrder: 'PO-900005',
      invoiceDate: today,
      accountingDate: today,
      lines: [{ orderLine, description, quantity: of[0], unitPrice: usd(of[1]) }],
    });
  await invoice('invoice 1', 'HM-77012', 1, 'Wound dressing, 10 x 10 cm', ['400', '1.85']);
  await invoice('invoice 2', 'HM-77040', 2, 'Cast kit, fiberglass', ['30', '24.90']);

  await ports.costAllocations.createCostAllocation('seed/allocation 1', {
    legalEntity: 'LSH',
    accountingDate: today,
    reference: 'LINEN-SHARED',
    description: 'Linen service, shared by use',
    account: '6100',
    from: 'CC-NORTH-INPATIENT',
    amount: usd('2450.00'),
    shares: [
      { costCenter: 'CC-NORTH-SURGERY', weight: '45' },
      { costCenter: 'CC-NORTH-EMERGENCY', weight: '35' },
      { costCenter: 'CC-SOUTH-INPATIENT', weight: '20' },
    ],
  });
}
