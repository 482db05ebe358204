/** The accounts that the sandbox posts to by itself; the seed of the chart of accounts has them. */
export const ACCOUNT = {
  accumulatedDepreciation: '1510',
  dueFromRelated: '1900',
  payable: '2100',
  receivedNotInvoiced: '2150',
  dueToRelated: '2900',
  priceVariance: '5160',
  depreciation: '5300',
} as const;
