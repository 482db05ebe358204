import { Problem } from '@concord/canonical';
import type {
  NewReversal,
  NewSupplierInvoice,
  NewSupplierInvoiceLine,
  Page,
  SupplierInvoice,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { SupplierInvoices } from '../../ports/payables.port.js';
import type { SupplierInvoiceQuery } from '../../queries.js';
import { checkMoney, checkPositive, wrong } from '../purchasing-rules.js';
import { changeAsItStands } from './as-it-stands.js';
import { toSupplierInvoice } from './invoice.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords, Values } from './odata.records.js';
import { referenceOf, type MadeOnce } from './made-once.js';

/** The ERP itself posts an invoice and compares it with order and receipts. */
export class ODataSupplierInvoices extends SupplierInvoices {
  constructor(
    private readonly records: ODataRecords,
    private readonly madeOnce: MadeOnce,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async createSupplierInvoice(key: string, invoice: NewSupplierInvoice): Promise<SupplierInvoice> {
    const businessKey = referenceOf('supplier invoice', key);
    const make = async () => {
      await this.refuseTwin(invoice);
      const { lines, ...values } = invoice;
      const { currency } = lines[0]!.unitPrice;
      lines.forEach((line, index) => check(line, index, currency));
      const foreign = lines.map(fromInvoiceLine);
      return this.records.create('supplierInvoices', { ...values, currency, businessKey }, foreign);
    };
    const unique = [`invoice ${invoice.number} of ${invoice.supplier}`];
    return toSupplierInvoice(await this.madeOnce.record(this.records, 'supplierInvoices', businessKey, make, unique));
  }

  override async readSupplierInvoice(id: string): Promise<SupplierInvoice> {
    return toSupplierInvoice(await this.records.read('supplierInvoices', id));
  }

  override listSupplierInvoices(query: SupplierInvoiceQuery): Promise<Page<SupplierInvoice>> {
    const { supplier, number, purchase_order, match } = query;
    const where: Condition[] = [
      ['supplier', 'eq', supplier],
      ['number', 'eq', number],
      ['purchaseOrder', 'eq', purchase_order],
      ['match', 'eq', match],
    ];
    return pageOfRecords(this.records, 'supplierInvoices', query, where, toSupplierInvoice);
  }

  override async cancelSupplierInvoice(_key: string, id: string, reversal: NewReversal): Promise<SupplierInvoice> {
    const { reason, accountingDate: reversedOn = this.clock().toISOString().slice(0, 10) } = reversal;
    return toSupplierInvoice(
      await changeAsItStands(this.records, 'supplierInvoices', id, (record) => {
        const { status } = toSupplierInvoice(record);
        if (status === 'cancelled') return undefined;
        if (status === 'paid')
          throw new Problem('conflict', 'A paid invoice is not cancelled', { context: { status } });
        return { status: 'cancelled', reason, reversedOn };
      }),
    );
  }

  private async refuseTwin({ supplier, number }: NewSupplierInvoice): Promise<void> {
    const where: Condition[] = [
      ['supplier', 'eq', supplier],
      ['number', 'eq', number],
    ];
    const known = await this.records.list('supplierInvoices', { where, most: 50 });
    const twin = known.map(toSupplierInvoice).find(({ status }) => status !== 'cancelled');
    if (!twin) return;
    throw new Problem('conflict', 'The number of this supplier is known', { context: { supplierInvoice: twin.id } });
  }
}

function check(
  { quantity, unitPrice, orderLine, account, costCenter }: NewSupplierInvoiceLine,
  index: number,
  currency: string,
): void {
  checkPositive(quantity, `/lines/${index}/quantity`);
  checkMoney(unitPrice, currency, `/lines/${index}/unitPrice`);
  if (orderLine !== undefined || (account && costCenter)) return;
  throw wrong(`/lines/${index}`, 'required', 'needs an account and a cost center where there is no order line');
}

const fromInvoiceLine = ({ unitPrice, ...line }: NewSupplierInvoiceLine): Values => ({
  ...line,
  unitPrice: unitPrice.amount,
  currency: unitPrice.currency,
});
