/** What the ERP keeps and only shows: who approves what, what is used for years, and what the stock is worth. */
import type { ApprovalLevel, FixedAsset, InventoryValuation, Page } from '@concord/canonical';
import { FixedAssets } from '../../ports/controlling.port.js';
import { Approvals } from '../../ports/purchasing.port.js';
import { Valuation } from '../../ports/receiving.port.js';
import type { ApprovalLevelQuery, FixedAssetQuery, InventoryValuationQuery } from '../../queries.js';
import { toApprovalLevel, toFixedAsset, toInventoryValuation } from './controlling.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';

export class ODataApprovals extends Approvals {
  constructor(private readonly records: ODataRecords) {
    super();
  }

  override listApprovalLevels(query: ApprovalLevelQuery): Promise<Page<ApprovalLevel>> {
    const { cost_center, amount } = query;
    const where: Condition[] = [
      ['costCenter', 'eq', cost_center],
      ['above', 'lt', amount],
    ];
    return pageOfRecords(this.records, 'approvals', query, where, toApprovalLevel);
  }
}

export class ODataFixedAssets extends FixedAssets {
  constructor(private readonly records: ODataRecords) {
    super();
  }

  override async readFixedAsset(id: string): Promise<FixedAsset> {
    return toFixedAsset(await this.records.read('fixedAssets', id));
  }

  override listFixedAssets(query: FixedAssetQuery): Promise<Page<FixedAsset>> {
    const { cost_center, legal_entity } = query;
    const where: Condition[] = [
      ['costCenter', 'eq', cost_center],
      ['legalEntity', 'eq', legal_entity],
    ];
    return pageOfRecords(this.records, 'fixedAssets', query, where, toFixedAsset);
  }
}

export class ODataValuation extends Valuation {
  constructor(private readonly records: ODataRecords) {
    super();
  }

  override listInventoryValuations(query: InventoryValuationQuery): Promise<Page<InventoryValuation>> {
    const { item, location } = query;
    const where: Condition[] = [
      ['item', 'eq', item],
      ['location', 'eq', location],
    ];
    return pageOfRecords(this.records, 'valuation', query, where, toInventoryValuation);
  }
}
