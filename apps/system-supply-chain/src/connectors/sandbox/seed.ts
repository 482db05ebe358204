/** Where the synthetic health system keeps its stock, how much at first, and from whom it buys. */
import { times, type ContractPrice, type Money } from '@concord/canonical';
import { ITEMS, type SeededItem } from './items.seed.js';

export const LOCATIONS = [
  { code: 'STOCK-NORTH', facility: 'CLINIC-NORTH' },
  { code: 'STOCK-EAST', facility: 'CLINIC-EAST' },
  { code: 'STOCK-SOUTH', facility: 'CLINIC-SOUTH' },
  { code: 'STOCK-WEST', facility: 'CLINIC-WEST' },
];

/** What lies at a location before anything is used, in multiples of the par level. */
const PARS_AT_FIRST = 2;

export const STOCK_LEVELS = LOCATIONS.flatMap(({ code: location }) =>
  ITEMS.map(({ id: item_id, par }) => ({
    location,
    item_id,
    on_hand: String(Number(par) * PARS_AT_FIRST),
    par_level: par,
  })),
);

/** `share` is the price of one stock unit as a share of its cost; the first contract of a kind is the one in use. */
const CONTRACTS: readonly { contract: string; supplier: string; kind: SeededItem['kind']; share: string }[] = [
  { contract: 'CT-2026-011', supplier: 'SUP-PRAIRIE-BIOLOGICS', kind: 'biologic', share: '1' },
  { contract: 'CT-2026-012', supplier: 'SUP-HARBOR-MEDICAL', kind: 'biologic', share: '1.04' },
  { contract: 'CT-2026-021', supplier: 'SUP-HARBOR-MEDICAL', kind: 'supply', share: '1' },
  { contract: 'CT-2026-022', supplier: 'SUP-CEDAR-SURGICAL', kind: 'supply', share: '1.03' },
  { contract: 'CT-2026-031', supplier: 'SUP-CEDAR-SURGICAL', kind: 'implant', share: '1' },
];

const usd = (amount: string): Money => ({ amount, currency: 'USD' });

export const CONTRACT_PRICES: readonly ContractPrice[] = CONTRACTS.flatMap(({ contract, supplier, kind, share }) =>
  ITEMS.filter((item) => item.kind === kind).map(({ id: itemId, stockUnit: unit, cost }) => ({
    contract,
    supplier,
    itemId,
    unit,
    price: times(usd(cost), share),
  })),
);
