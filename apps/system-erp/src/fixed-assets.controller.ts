import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { FixedAsset, type Page, pageOf } from '@concord/canonical';
import { FixedAssets } from './ports/controlling.port.js';
import { FixedAssetQuery } from './queries.js';

export const FixedAssetPage = pageOf(FixedAsset);

@Resource('fixed-assets')
export class FixedAssetsController {
  constructor(private readonly assets: FixedAssets) {}

  @Endpoint('GET :id', { scope: 'erp/fixed-asset.read', summary: 'Read a fixed asset', answer: FixedAsset })
  readFixedAsset(@Param('id') id: string): Promise<FixedAsset> {
    return this.assets.readFixedAsset(id);
  }

  @Endpoint('GET', {
    scope: 'erp/fixed-asset.read',
    summary: 'List fixed assets with cost, depreciation and book value',
    answer: FixedAssetPage,
  })
  listFixedAssets(@Query() query: FixedAssetQuery): Promise<Page<FixedAsset>> {
    return this.assets.listFixedAssets(query);
  }
}
