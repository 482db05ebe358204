/** The documents that an encounter leaves in the systems, written from its figures. None names a patient. */
import type {
  DocumentReference,
  EncounterCompleted,
  EncounterFinanced,
  NewClaim,
  NewJournalEntry,
  NewLaborAllocation,
  NewStockAdjustment,
} from '@concord/canonical';
import type { Coding } from './rules/coding.js';
import type { Labor } from './rules/labor-costs.js';
import type { Placement } from './rules/placement.js';
import type { Posting } from './rules/posting.js';
import type { Charges } from './rules/pricing.js';
import type { Treatment } from './rules/treatment.js';
import type { Supplies } from './rules/supplied-items.js';

interface Numbered {
  readonly id: string;
  readonly number: string;
}

export const claimFor = (
  encounterId: string,
  coding: Coding,
  placement: Placement,
  charges: Charges,
  { provider }: Treatment,
): NewClaim => ({
  encounterId,
  facility: placement.facility,
  payer: placement.payer,
  serviceDate: coding.serviceDate,
  lines: charges.lines.map(({ chargeCode, service, quantity, amount }) => ({
    chargeCode,
    service,
    quantity,
    charge: amount,
  })),
  ...(provider ? { provider } : {}),
  ...(coding.diagnoses ? { diagnoses: [...coding.diagnoses] } : {}),
});

export const stockAdjustmentFor = (
  encounterId: string,
  placement: Placement,
  supplies: Supplies,
): NewStockAdjustment => ({
  location: stockLocationOf(placement.facility),
  reference: encounterId,
  reason: 'consumption',
  lines: supplies.lines.map(({ itemId, quantity, unit, lot }) => ({ itemId, quantity, unit, lot })),
});

/** The stock room of a facility: `STOCK-NORTH` of `CLINIC-NORTH`. */
export const stockLocationOf = (facility: string): string => facility.replace(/^CLINIC-/, 'STOCK-');

export const laborAllocationFor = (
  encounterId: string,
  coding: Coding,
  placement: Placement,
  labor: Labor,
): NewLaborAllocation => ({
  reference: encounterId,
  facility: placement.facility,
  date: coding.serviceDate,
  lines: labor.lines.map(({ role, serviceLine, costCenter, hours, cost }) => ({
    role: role as NewLaborAllocation['lines'][number]['role'],
    serviceLine,
    costCenter,
    hours,
    cost,
  })),
});

export const journalEntryFor = (encounterId: string, placement: Placement, posting: Posting): NewJournalEntry => ({
  legalEntity: placement.legalEntity,
  accountingDate: placement.accountingDate,
  reference: encounterId,
  description: 'Encounter: charges, supplies and labor',
  lines: [...posting.lines],
});

interface Figures {
  readonly coding: Coding;
  readonly placement: Placement;
  readonly charges: Charges;
  readonly supplies: Supplies;
  readonly labor: Labor;
  readonly posting: Posting;
}

interface Documents {
  readonly claim: Numbered | undefined;
  readonly stock: Numbered | undefined;
  readonly hours: Numbered | undefined;
  readonly journal: Numbered | undefined;
}

const KINDS = {
  claim: 'claim',
  stock: 'stock-adjustment',
  hours: 'labor-allocation',
  journal: 'journal-entry',
} as const satisfies Record<keyof Documents, DocumentReference['kind']>;

/** What is announced when all documents exist. */
export function financialsOf(event: EncounterCompleted, figures: Figures, documents: Documents): EncounterFinanced {
  const { coding, placement, charges, supplies, labor, posting } = figures;
  const { facility, region, legalEntity, payer, accountingDate } = placement;
  return {
    encounterId: event.encounterId,
    occurredAt: event.occurredAt,
    facility,
    region,
    legalEntity,
    payer,
    accountingDate,
    serviceLine: charges.serviceLine,
    serviceDate: coding.serviceDate,
    charges: [...charges.lines],
    supplies: [...supplies.lines],
    labor: [...labor.lines],
    posting: [...posting.lines],
    documents: (Object.keys(KINDS) as (keyof Documents)[]).flatMap((name) => {
      const document = documents[name];
      return document ? [{ kind: KINDS[name], ...document }] : [];
    }),
    gross: charges.gross,
    expected: posting.expected,
    supplyCost: supplies.cost,
    laborCost: labor.cost,
  };
}
