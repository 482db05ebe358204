/**
 * The item master of the synthetic health system. GTINs are from the range that GS1 keeps for restricted circulation
 * (prefix 299), so that none of them is a product on any market; names, costs and suppliers are invented.
 */
import type { ItemUnit } from '@concord/canonical';

export interface SeededItem {
  readonly id: string;
  readonly gtin: string;
  readonly name: string;
  /** Who supplies it. */
  readonly kind: 'biologic' | 'supply' | 'implant';
  readonly stockUnit: string;
  readonly units: readonly ItemUnit[];
  /** Cost of one stock unit, USD. */
  readonly cost: string;
  /** What should lie at every location, in stock units. */
  readonly par: string;
  readonly lotTracked: boolean;
}

const DOSE: ItemUnit = { unit: 'dose', stockUnits: '1' };
const BOX_OF_10: ItemUnit = { unit: 'box', stockUnits: '10' };

// prettier-ignore
export const ITEMS: readonly SeededItem[] = [
  { id: 'VAC-FLU', gtin: '02990000001016', name: 'Influenza vaccine, vial of 10 doses (CVX 140)', kind: 'biologic', stockUnit: 'vial', units: [{ unit: 'dose', stockUnits: '0.1' }, BOX_OF_10], cost: '168.50', par: '40', lotTracked: true },
  { id: 'VAC-HPV4', gtin: '02990000001023', name: 'HPV vaccine, quadrivalent, syringe (CVX 62)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '178.14', par: '60', lotTracked: true },
  { id: 'VAC-MCV4', gtin: '02990000001030', name: 'Meningococcal vaccine MCV4P, syringe (CVX 114)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '121.60', par: '60', lotTracked: true },
  { id: 'VAC-TD', gtin: '02990000001047', name: 'Td vaccine, adult, dose (CVX 113)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '24.85', par: '120', lotTracked: true },
  { id: 'VAC-HEPA-ADULT', gtin: '02990000001054', name: 'Hepatitis A vaccine, adult, syringe (CVX 52)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '68.40', par: '60', lotTracked: true },
  { id: 'VAC-PCV13', gtin: '02990000001061', name: 'Pneumococcal conjugate vaccine, syringe (CVX 133)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '191.75', par: '80', lotTracked: true },
  { id: 'VAC-IPV', gtin: '02990000001078', name: 'Poliovirus vaccine, inactivated, dose (CVX 10)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '38.26', par: '100', lotTracked: true },
  { id: 'VAC-DTAP', gtin: '02990000001085', name: 'DTaP vaccine, syringe (CVX 20)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '29.95', par: '100', lotTracked: true },
  { id: 'VAC-TDAP', gtin: '02990000001092', name: 'Tdap vaccine, syringe (CVX 115)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '42.60', par: '80', lotTracked: true },
  { id: 'VAC-HEPB-PED', gtin: '02990000001108', name: 'Hepatitis B vaccine, pediatric, syringe (CVX 08)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '23.12', par: '80', lotTracked: true },
  { id: 'VAC-HIB', gtin: '02990000001115', name: 'Hib vaccine, dose (CVX 49)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '26.33', par: '80', lotTracked: true },
  { id: 'VAC-ROTA', gtin: '02990000001122', name: 'Rotavirus vaccine, oral dose (CVX 119)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '112.09', par: '60', lotTracked: true },
  { id: 'VAC-HEPA-PED', gtin: '02990000001139', name: 'Hepatitis A vaccine, pediatric, syringe (CVX 83)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '34.02', par: '80', lotTracked: true },
  { id: 'VAC-HEPB-ADULT', gtin: '02990000001146', name: 'Hepatitis B vaccine, adult, syringe (CVX 43)', kind: 'biologic', stockUnit: 'syringe', units: [DOSE, BOX_OF_10], cost: '59.70', par: '60', lotTracked: true },
  { id: 'VAC-ZOSTER', gtin: '02990000001153', name: 'Zoster vaccine, dose (CVX 121)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '212.67', par: '40', lotTracked: true },
  { id: 'VAC-VARICELLA', gtin: '02990000001160', name: 'Varicella vaccine, dose (CVX 21)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '129.35', par: '60', lotTracked: true },
  { id: 'VAC-MMR', gtin: '02990000001177', name: 'Measles, mumps and rubella vaccine, dose (CVX 03)', kind: 'biologic', stockUnit: 'dose', units: [BOX_OF_10], cost: '78.68', par: '80', lotTracked: true },
  { id: 'TETANUS-TOXOID', gtin: '02990000002013', name: 'Tetanus antitoxin, single-dose vial', kind: 'biologic', stockUnit: 'vial', units: [DOSE, BOX_OF_10], cost: '31.20', par: '40', lotTracked: true },
  { id: 'SUTURE-KIT', gtin: '02990000002020', name: 'Suture kit, sterile', kind: 'supply', stockUnit: 'each', units: [{ unit: 'case', stockUnits: '20' }], cost: '14.75', par: '120', lotTracked: false },
  { id: 'WOUND-DRESSING', gtin: '02990000002037', name: 'Wound dressing, 10 x 10 cm', kind: 'supply', stockUnit: 'each', units: [{ unit: 'box', stockUnits: '50' }], cost: '1.85', par: '400', lotTracked: false },
  { id: 'CAST-KIT', gtin: '02990000002044', name: 'Cast kit, fiberglass', kind: 'supply', stockUnit: 'each', units: [{ unit: 'case', stockUnits: '10' }], cost: '22.40', par: '60', lotTracked: false },
  { id: 'SPLINT', gtin: '02990000002051', name: 'Splint, padded', kind: 'supply', stockUnit: 'each', units: [{ unit: 'case', stockUnits: '10' }], cost: '11.30', par: '60', lotTracked: false },
  { id: 'COLONOSCOPY-KIT', gtin: '02990000002068', name: 'Colonoscopy kit, single use', kind: 'supply', stockUnit: 'each', units: [{ unit: 'case', stockUnits: '10' }], cost: '47.90', par: '60', lotTracked: false },
  { id: 'SPECIMEN-KIT', gtin: '02990000002075', name: 'Specimen collection kit', kind: 'supply', stockUnit: 'each', units: [{ unit: 'box', stockUnits: '50' }], cost: '2.35', par: '300', lotTracked: false },
  { id: 'SYRINGE', gtin: '02990000002082', name: 'Syringe with needle, 3 mL', kind: 'supply', stockUnit: 'each', units: [{ unit: 'box', stockUnits: '100' }], cost: '0.22', par: '1000', lotTracked: false },
  { id: 'GLOVES', gtin: '02990000002099', name: 'Examination gloves, nitrile, box of 100 pairs', kind: 'supply', stockUnit: 'box', units: [{ unit: 'pair', stockUnits: '0.01' }, { unit: 'case', stockUnits: '10' }], cost: '9.50', par: '200', lotTracked: false },
  { id: 'IUD-COPPER', gtin: '02990000002105', name: 'Intrauterine device, copper', kind: 'implant', stockUnit: 'each', units: [], cost: '246.00', par: '20', lotTracked: true },
  { id: 'IMPLANT-STENT', gtin: '02990000002112', name: 'Coronary stent, drug-eluting', kind: 'implant', stockUnit: 'each', units: [], cost: '1385.00', par: '12', lotTracked: true },
  { id: 'GRAFT-KIT', gtin: '02990000002129', name: 'Vascular graft kit', kind: 'implant', stockUnit: 'each', units: [], cost: '2140.00', par: '8', lotTracked: true },
];
