import { minus, money, type FixedAsset, type Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';

/** How many months lie between two periods: 1 from `2026-10` to `2026-11`. */
const monthsBetween = (from: string, to: string): number => {
  const [fromYear = 0, fromMonth = 0] = from.split('-').map(Number);
  const [toYear = 0, toMonth = 0] = to.split('-').map(Number);
  return (toYear - fromYear) * 12 + toMonth - fromMonth;
};

/** Straight-line depreciation to the end of a period, the month of the start included; never more than the cost. */
export function depreciationAt(
  asset: Pick<FixedAsset, 'cost' | 'inServiceOn' | 'usefulLifeMonths'>,
  period: string,
): Money {
  const { cost, inServiceOn, usefulLifeMonths } = asset;
  const months = Math.min(Math.max(monthsBetween(inServiceOn.slice(0, 7), period) + 1, 0), usefulLifeMonths);
  return money(new Decimal(cost.amount).times(months).div(usefulLifeMonths), cost.currency);
}

/** What is still to be posted so that an asset is depreciated to the end of a period; zero or less where nothing is. */
export const missingDepreciation = (asset: FixedAsset, period: string): Money =>
  minus(depreciationAt(asset, period), asset.depreciation);

/** Under which business key the depreciation up to a period is posted; at another time more of it may be missing. */
export const depreciationKey = (period: string, now: string): string => `depreciation of ${period}, ${now}`;

/** The period up to which an entry depreciates, by the business key that it was posted under. */
export const depreciationIn = (businessKey = ''): string | undefined =>
  /^depreciation of (.+), /.exec(businessKey)?.[1];
