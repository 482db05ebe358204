/** Items as the books of the synthetic health system see them: the same numbers, units and costs as in supply chain. */
import { times, type ErpItem, type InventoryValuation, type Money } from '@concord/canonical';

const usd = (amount: string): Money => ({ amount, currency: 'USD' });

type Kind = 'biologic' | 'supply' | 'implant';

// Number, name, kind, unit, cost of one in USD, par level.
// prettier-ignore
const STOCKED: readonly (readonly [string, string, Kind, string, string, string])[] = [
  ['VAC-FLU', 'Influenza vaccine, vial of 10 doses (CVX 140)', 'biologic', 'vial', '168.50', '40'],
  ['VAC-HPV4', 'HPV vaccine, quadrivalent, syringe (CVX 62)', 'biologic', 'syringe', '178.14', '60'],
  ['VAC-MCV4', 'Meningococcal vaccine MCV4P, syringe (CVX 114)', 'biologic', 'syringe', '121.60', '60'],
  ['VAC-TD', 'Td vaccine, adult, dose (CVX 113)', 'biologic', 'dose', '24.85', '120'],
  ['VAC-HEPA-ADULT', 'Hepatitis A vaccine, adult, syringe (CVX 52)', 'biologic', 'syringe', '68.40', '60'],
  ['VAC-PCV13', 'Pneumococcal conjugate vaccine, syringe (CVX 133)', 'biologic', 'syringe', '191.75', '80'],
  ['VAC-IPV', 'Poliovirus vaccine, inactivated, dose (CVX 10)', 'biologic', 'dose', '38.26', '100'],
  ['VAC-DTAP', 'DTaP vaccine, syringe (CVX 20)', 'biologic', 'syringe', '29.95', '100'],
  ['VAC-TDAP', 'Tdap vaccine, syringe (CVX 115)', 'biologic', 'syringe', '42.60', '80'],
  ['VAC-HEPB-PED', 'Hepatitis B vaccine, pediatric, syringe (CVX 08)', 'biologic', 'syringe', '23.12', '80'],
  ['VAC-HIB', 'Hib vaccine, dose (CVX 49)', 'biologic', 'dose', '26.33', '80'],
  ['VAC-ROTA', 'Rotavirus vaccine, oral dose (CVX 119)', 'biologic', 'dose', '112.09', '60'],
  ['VAC-HEPA-PED', 'Hepatitis A vaccine, pediatric, syringe (CVX 83)', 'biologic', 'syringe', '34.02', '80'],
  ['VAC-HEPB-ADULT', 'Hepatitis B vaccine, adult, syringe (CVX 43)', 'biologic', 'syringe', '59.70', '60'],
  ['VAC-ZOSTER', 'Zoster vaccine, dose (CVX 121)', 'biologic', 'dose', '212.67', '40'],
  ['VAC-VARICELLA', 'Varicella vaccine, dose (CVX 21)', 'biologic', 'dose', '129.35', '60'],
  ['VAC-MMR', 'Measles, mumps and rubella vaccine, dose (CVX 03)', 'biologic', 'dose', '78.68', '80'],
  ['TETANUS-TOXOID', 'Tetanus antitoxin, single-dose vial', 'biologic', 'vial', '31.20', '40'],
  ['SUTURE-KIT', 'Suture kit, sterile', 'supply', 'each', '14.75', '120'],
  ['WOUND-DRESSING', 'Wound dressing, 10 x 10 cm', 'supply', 'each', '1.85', '400'],
  ['CAST-KIT', 'Cast kit, fiberglass', 'supply', 'each', '22.40', '60'],
  ['SPLINT', 'Splint, padded', 'supply', 'each', '11.30', '60'],
  ['COLONOSCOPY-KIT', 'Colonoscopy kit, single use', 'supply', 'each', '47.90', '60'],
  ['SPECIMEN-KIT', 'Specimen collection kit', 'supply', 'each', '2.35', '300'],
  ['SYRINGE', 'Syringe with needle, 3 mL', 'supply', 'each', '0.22', '1000'],
  ['GLOVES', 'Examination gloves, nitrile, box of 100 pairs', 'supply', 'box', '9.50', '200'],
  ['IUD-COPPER', 'Intrauterine device, copper', 'implant', 'each', '246.00', '20'],
  ['IMPLANT-STENT', 'Coronary stent, drug-eluting', 'implant', 'each', '1385.00', '12'],
  ['GRAFT-KIT', 'Vascular graft kit', 'implant', 'each', '2140.00', '8'],
];

const SUPPLIER: Record<Kind, string> = {
  biologic: 'SUP-PRAIRIE-BIOLOGICS',
  supply: 'SUP-HARBOR-MEDICAL',
  implant: 'SUP-CEDAR-SURGICAL',
};

// Number, name, kind, unit, cost, supplier.
// prettier-ignore
const OTHERS: readonly (readonly [string, string, ErpItem['kind'], string, string, string])[] = [
  ['PAPER-A4', 'Copy paper, white', 'consumable', 'ream', '4.10', 'SUP-LAKEVIEW-OFFICE'],
  ['TONER', 'Toner cartridge, black', 'consumable', 'each', '86.00', 'SUP-LAKEVIEW-OFFICE'],
  ['SCRUBS', 'Scrubs, two-piece', 'consumable', 'each', '31.75', 'SUP-HARBOR-MEDICAL'],
  ['SVC-LINEN', 'Linen service, month', 'service', 'month', '2450.00', 'SUP-BIRCH-FACILITIES'],
  ['SVC-CT-MAINTENANCE', 'Maintenance of the CT scanner, quarter', 'service', 'quarter', '11800.00', 'SUP-SUMMIT-IMAGING'],
  ['SVC-AGENCY-NURSE', 'Agency nursing, hour', 'service', 'hour', '94.00', 'SUP-NORTHERN-STAFFING'],
];

type Seed<T> = Omit<T, 'revision' | 'changedAt'>;

export const ERP_ITEMS: readonly Seed<ErpItem>[] = [
  ...STOCKED.map(([id, name, kind, unit, cost]) => ({
    id,
    name,
    kind: 'stocked' as const,
    unit,
    standardCost: usd(cost),
    purchaseAccount: '1400',
    expenseAccount: '5100',
    supplier: SUPPLIER[kind],
    active: true,
  })),
  ...OTHERS.map(([id, name, kind, unit, cost, supplier]) => {
    const account = kind === 'service' ? '6100' : '6000';
    const standardCost = usd(cost);
    return {
      id,
      name,
      kind,
      unit,
      standardCost,
      purchaseAccount: account,
      expenseAccount: account,
      supplier,
      active: true,
    };
  }),
];

const LOCATIONS = [
  { location: 'STOCK-NORTH', legalEntity: 'LSH' },
  { location: 'STOCK-EAST', legalEntity: 'LSP' },
  { location: 'STOCK-SOUTH', legalEntity: 'LSH' },
  { location: 'STOCK-WEST', legalEntity: 'LSP' },
];

/** Twice the par level at every location, at standard cost. */
export const VALUATIONS: readonly (Seed<InventoryValuation> & { id: string })[] = LOCATIONS.flatMap(
  ({ location, legalEntity }) =>
    STOCKED.map(([item, , , unit, cost, par]) => {
      const quantity = String(2 * Number(par));
      const value = times(usd(cost), quantity);
      return { id: `${location}.${item}`, item, location, legalEntity, quantity, unit, value, averageCost: cost };
    }),
);
