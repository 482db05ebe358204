import {
  isZero,
  minus,
  plus,
  type FiscalPeriod,
  type FixedAsset,
  type JournalLine,
  type Page,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { FixedAssets } from '../../ports/controlling.port.js';
import type { FixedAssetQuery } from '../../queries.js';
import { ACCOUNT } from './accounts.js';
import type { Books } from './books.js';
import { depreciationKey, missingDepreciation } from './depreciation.js';
import type { Documents } from './documents.store.js';

const ASSETS_AT_ONCE = 400;

export class SandboxFixedAssets extends FixedAssets {
  constructor(
    private readonly books: Books,
    private readonly assets: Documents<FixedAsset>,
  ) {
    super();
  }

  override listFixedAssets(query: FixedAssetQuery): Promise<Page<FixedAsset>> {
    return this.assets.list(query, { costCenter: query.cost_center, legalEntity: query.legal_entity });
  }

  override readFixedAsset(id: string): Promise<FixedAsset> {
    return this.assets.read(id);
  }

  /** Posts the depreciation of every asset of a legal entity up to a period, before the period closes. */
  async depreciate(tx: Database, { id, code, legalEntity, endsOn }: FiscalPeriod): Promise<void> {
    const { items } = await this.assets.list({ page_size: ASSETS_AT_ONCE }, { legalEntity, status: 'in-service' });
    const lines: JournalLine[] = [];
    for (const { id: asset } of items) {
      await this.assets.change(asset, '*', (current) => this.depreciated(current, code, lines), tx);
    }
    if (!lines.length) return;
    const about = {
      accountingDate: endsOn,
      reference: `DEPRECIATION-${code}`,
      description: 'Depreciation of fixed assets',
    };
    const businessKey = depreciationKey(id, this.books.now());
    await this.books.post(businessKey, { legalEntity, ...about, lines }, undefined, tx);
  }

  private depreciated(asset: FixedAsset, period: string, lines: JournalLine[]): FixedAsset {
    const amount = missingDepreciation(asset, period);
    if (isZero(amount) || amount.amount.startsWith('-')) return asset;
    const { costCenter, cost } = asset;
    lines.push({ account: ACCOUNT.depreciation, costCenter, side: 'debit', amount, memo: asset.id });
    lines.push({ account: ACCOUNT.accumulatedDepreciation, costCenter, side: 'credit', amount, memo: asset.id });
    const depreciation = plus(asset.depreciation, amount);
    return { ...asset, depreciation, bookValue: minus(cost, depreciation) };
  }
}
