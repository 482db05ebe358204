import type { GoodsReceipt, NewGoodsReceipt, NewReversal, Page } from '@concord/canonical';
import type { Clock } from '@concord/api';
import { GoodsReceipts } from '../../ports/receiving.port.js';
import type { GoodsReceiptQuery } from '../../queries.js';
import { checkPositive } from '../purchasing-rules.js';
import { changeAsItStands } from './as-it-stands.js';
import { toGoodsReceipt } from './purchasing.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { ODataRecords } from './odata.records.js';
import { referenceOf, type MadeOnce } from './made-once.js';

/** The ERP itself posts what is received and counts it in the order. */
export class ODataGoodsReceipts extends GoodsReceipts {
  constructor(
    private readonly records: ODataRecords,
    private readonly madeOnce: MadeOnce,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async createGoodsReceipt(key: string, receipt: NewGoodsReceipt): Promise<GoodsReceipt> {
    const businessKey = referenceOf('goods receipt', key);
    const make = async () => {
      const { lines, ...values } = receipt;
      lines.forEach(({ quantity }, index) => checkPositive(quantity, `/lines/${index}/quantity`));
      return this.records.create(
        'goodsReceipts',
        { ...values, businessKey },
        lines.map((line) => ({ ...line })),
      );
    };
    return toGoodsReceipt(await this.madeOnce.record(this.records, 'goodsReceipts', businessKey, make));
  }

  override async readGoodsReceipt(id: string): Promise<GoodsReceipt> {
    return toGoodsReceipt(await this.records.read('goodsReceipts', id));
  }

  override listGoodsReceipts(query: GoodsReceiptQuery): Promise<Page<GoodsReceipt>> {
    const where = [['purchaseOrder', 'eq', query.purchase_order]] as const;
    return pageOfRecords(this.records, 'goodsReceipts', query, where, toGoodsReceipt);
  }

  override async reverseGoodsReceipt(_key: string, id: string, reversal: NewReversal): Promise<GoodsReceipt> {
    const { reason, accountingDate: reversedOn = this.clock().toISOString().slice(0, 10) } = reversal;
    return toGoodsReceipt(
      await changeAsItStands(this.records, 'goodsReceipts', id, (record) =>
        toGoodsReceipt(record).status === 'reversed' ? undefined : { status: 'reversed', reason, reversedOn },
      ),
    );
  }
}
