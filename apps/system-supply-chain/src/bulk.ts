import { bulkJobs, bulkOf } from '@concord/api';
import { NewStockAdjustment } from '@concord/canonical';
import { Stock } from './ports/stock.port.js';

/** What this API takes in bulk. */
export const bulk = bulkJobs('supply-chain', [
  bulkOf({
    resource: 'stock-adjustments',
    takes: NewStockAdjustment,
    scope: 'supply-chain/stock-adjustment.write',
    summary: 'Take from stock what was used, many adjustments at once',
    through: Stock,
    work: (stock, key, adjustment) => stock.createStockAdjustment(key, adjustment),
  }),
]);
