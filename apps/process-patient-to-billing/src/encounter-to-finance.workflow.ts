import { EncounterCancelled, EncounterCompleted, EncounterFinanced, EncounterUnwound, total } from '@concord/canonical';
import { workflow } from '@concord/workflow';
import { claimFor, financialsOf, journalEntryFor, laborAllocationFor, stockAdjustmentFor } from './documents.js';
import { validateCoding } from './rules/coding.js';
import { laborOf } from './rules/labor-costs.js';
import { placeEncounter } from './rules/placement.js';
import { postingOf } from './rules/posting.js';
import { chargeable, price } from './rules/pricing.js';
import { suppliesOf } from './rules/supplied-items.js';
import { treatmentOf } from './rules/treatment.js';
import type { Services } from './services.js';

const CORRECTED = { reason: 'The encounter was corrected or cancelled' };

/** A finished encounter becomes charges, a claim, an inventory adjustment, a labor allocation and a balanced posting. */
export const encounterToFinance = workflow<Services>()('encounter-to-finance', EncounterCompleted, {
  summary: 'A finished encounter becomes charges, a claim, an inventory adjustment, a labor allocation and a posting',
  key: ({ encounterId }) => encounterId,
  cancelledBy: EncounterCancelled,
})
  .read('encounter', ({ ehr, event }) => ehr.readEncounter(event.encounterId))
  .read('reference', ({ lookUp, encounter }) => lookUp(encounter))
  .rule('coding', ({ encounter }) => validateCoding(encounter), { owner: 'billing' })
  .rule('treatment', ({ reference }) => treatmentOf(reference), { owner: 'billing' })
  .rule('placement', ({ encounter, reference, coding }) => placeEncounter(encounter, reference, coding.serviceDate), {
    owner: 'finance',
  })
  .rule('charges', ({ encounter, reference, coding }) => coding && price(encounter, reference), { owner: 'billing' })
  .rule('supplies', ({ encounter, reference, charges }) => suppliesOf(encounter, reference, charges.serviceLine), {
    owner: 'supply',
  })
  .rule(
    'labor',
    ({ encounter, reference, placement, charges }) => laborOf(encounter, reference, placement, charges.serviceLine),
    { owner: 'staffing' },
  )
  .rule(
    'posting',
    ({ charges, supplies, labor, placement, reference }) =>
      postingOf({ charges, supplies, labor }, placement, reference.payer!),
    { owner: 'finance' },
  )
  .step(
    'claim',
    ({ revenueCycle, event, coding, placement, charges, treatment }) =>
      revenueCycle.createClaim(claimFor(event.encounterId, coding, placement, charges, treatment)),
    {
      undo: ({ revenueCycle }, claim) => revenueCycle.voidClaim(claim.id, CORRECTED),
      owner: 'billing',
    },
  )
  .step(
    'stock',
    ({ supplyChain, event, placement, supplies }) =>
      supplies.lines.length
        ? supplyChain.createStockAdjustment(stockAdjustmentFor(event.encounterId, placement, supplies))
        : undefined,
    {
      undo: ({ supplyChain }, adjustment) => supplyChain.reverseStockAdjustment(adjustment.id, CORRECTED),
      owner: 'supply',
    },
  )
  .step(
    'hours',
    ({ hcm, event, coding, placement, labor }) =>
      labor.lines.length && !labor.fallback // accrued hours are allocated when they can be
        ? hcm.createLaborAllocation(laborAllocationFor(event.encounterId, coding, placement, labor))
        : undefined,
    {
      undo: ({ hcm }, allocation) => hcm.reverseLaborAllocation(allocation.id, CORRECTED),
      owner: 'staffing',
    },
  )
  .step(
    'journal',
    ({ erp, event, placement, posting }) =>
      erp.createJournalEntry(journalEntryFor(event.encounterId, placement, posting)),
    {
      undo: ({ erp }, entry) => erp.reverseJournalEntry(entry.id, CORRECTED),
      owner: 'finance',
      after: ['claim', 'stock', 'hours'],
    },
  )
  .atStake(
    ({ encounter, reference }) =>
      encounter && reference && total(chargeable(encounter, reference).map(({ amount }) => amount)),
  )
  .announce(
    EncounterFinanced,
    ({ event, coding, placement, charges, supplies, labor, posting, claim, stock, hours, journal }) =>
      financialsOf(event, { coding, placement, charges, supplies, labor, posting }, { claim, stock, hours, journal }),
  )
  .announceUndone(EncounterUnwound, ({ event }) => event);
