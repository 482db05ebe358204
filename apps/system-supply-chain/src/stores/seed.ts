/** Where the synthetic health system keeps its stock, how much at first, and from whom it buys. */
import { times, type ContractPrice, type Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';
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

/** Where more should lie than elsewhere, in multiples of the par level: the western clinic vaccinates for all. */
const RAISED_PARS: Readonly<Record<string, string>> = { 'STOCK-WEST:VAC-FLU': '3', 'STOCK-WEST:SYRINGE': '2.5' };

/** What should lie of an item at a location. */
export const parLevelOf = (location: string, { id, par }: SeededItem): string =>
  new Decimal(par).times(RAISED_PARS[`${location}:${id}`] ?? 1).toFixed();

/** What was carried between locations before anybody looks; the second was a mistake and went back. */
export const TRANSFERS = [
  {
    key: 'seed/transfer-1',
    transfer: {
      from: 'STOCK-NORTH',
      to: 'STOCK-SOUTH',
      reference: 'round-2026-11-02',
      lines: [
        { itemId: 'COLONOSCOPY-KIT', quantity: '6', unit: 'each' },
        { itemId: 'TETANUS-TOXOID', quantity: '4', unit: 'vial', lot: 'L-2027-TETANUS-TOXOID' },
      ],
    },
  },
  {
    key: 'seed/transfer-2',
    transfer: {
      from: 'STOCK-NORTH',
      to: 'STOCK-WEST',
      reference: 'round-2026-11-03',
      lines: [{ itemId: 'GLOVES', quantity: '10', unit: 'box' }],
    },
    takenBack: 'Carried to the wrong clinic',
  },
];

/** `share` is the price of one stock unit as a share of its cost; the first contract of a kind is the one in use. */
interface SeededContract {
  readonly contract: string;
  readonly supplier: string;
  readonly title: string;
  readonly kind: SeededItem['kind'];
  readonly share: string;
  readonly validFrom: string;
  readonly validTo?: string;
}

const YEARS = { validFrom: '2026-01-01', validTo: '2028-12-31' };

export const CONTRACTS: readonly SeededContract[] = [
  {
    contract: 'CT-2026-011',
    supplier: 'SUP-PRAIRIE-BIOLOGICS',
    title: 'Biologics, first source',
    kind: 'biologic',
    share: '1',
    ...YEARS,
  },
  {
    contract: 'CT-2026-012',
    supplier: 'SUP-HARBOR-MEDICAL',
    title: 'Biologics, second source',
    kind: 'biologic',
    share: '1.04',
    ...YEARS,
  },
  {
    contract: 'CT-2026-021',
    supplier: 'SUP-HARBOR-MEDICAL',
    title: 'Supplies, first source',
    kind: 'supply',
    share: '1',
    ...YEARS,
  },
  {
    contract: 'CT-2026-022',
    supplier: 'SUP-CEDAR-SURGICAL',
    title: 'Supplies, second source',
    kind: 'supply',
    share: '1.03',
    ...YEARS,
  },
  { contract: 'CT-2026-031', supplier: 'SUP-CEDAR-SURGICAL', title: 'Implants', kind: 'implant', share: '1', ...YEARS },
];

const usd = (amount: string): Money => ({ amount, currency: 'USD' });

export type SeededPrice = Omit<ContractPrice, 'changedAt'>;

export const CONTRACT_PRICES: readonly SeededPrice[] = CONTRACTS.flatMap(
  ({ contract, supplier, kind, share, validFrom, validTo }) =>
    ITEMS.filter((item) => item.kind === kind).map(({ id: itemId, stockUnit: unit, cost }) => ({
      contract,
      supplier,
      itemId,
      unit,
      price: times(usd(cost), share),
      validFrom,
      validTo,
    })),
);

export const SUPPLIERS: ReadonlySet<string> = new Set(CONTRACTS.map(({ supplier }) => supplier));
