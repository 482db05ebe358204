/** What is known of what is planned, ordered, done, used and charged → canonical. Pure. */
import type { Appointment, ClinicalOrder, EncounterCharge, Procedure, SupplyUseRecord } from '@concord/canonical';
import type { Content } from '../record.js';
import type { Sheet } from './sheet.js';

export const appointmentOfSheet = (id: string, sheet: Sheet): Content<Appointment> => ({
  id,
  status: sheet.value<Appointment['status']>('status') ?? 'pending',
  startsAt: sheet.value('startsAt'),
  endsAt: sheet.value('endsAt'),
  service: sheet.value('service'),
  reason: sheet.value('reason'),
  patientId: sheet.value('patientId'),
  practitionerIds: sheet.value('practitionerIds') ?? [],
  locationId: sheet.value('locationId'),
  encounterId: sheet.value('encounterId'),
});

export const orderOfSheet = (id: string, sheet: Sheet): Content<ClinicalOrder> => ({
  id,
  kind: sheet.value<ClinicalOrder['kind']>('kind') ?? 'service',
  status: sheet.value<ClinicalOrder['status']>('status') ?? 'unknown',
  priority: sheet.value<ClinicalOrder['priority']>('priority') ?? 'routine',
  code: sheet.value('code'),
  encounterId: sheet.value('encounterId'),
  patientId: sheet.value('patientId'),
  practitionerId: sheet.value('practitionerId'),
  orderedAt: sheet.value('orderedAt'),
  dueAt: sheet.value('dueAt'),
});

export const procedureOfSheet = (id: string, sheet: Sheet): Content<Procedure> => ({
  id,
  status: sheet.value<Procedure['status']>('status') ?? 'completed',
  code: sheet.value('code'),
  encounterId: sheet.value('encounterId'),
  patientId: sheet.value('patientId'),
  startedAt: sheet.value('startedAt'),
  endedAt: sheet.value('endedAt'),
  practitionerIds: sheet.value('practitionerIds') ?? [],
  locationId: sheet.value('locationId'),
});

export const supplyUseOfSheet = (id: string, sheet: Sheet): Content<SupplyUseRecord> => ({
  id,
  kind: sheet.value<SupplyUseRecord['kind']>('kind') ?? 'supply',
  status: sheet.value<SupplyUseRecord['status']>('status') ?? 'used',
  item: sheet.value('item'),
  udi: sheet.value('udi'),
  quantity: sheet.value('quantity') ?? '1',
  unit: sheet.value('unit') ?? 'each',
  lot: sheet.value('lot'),
  expiresOn: sheet.value('expiresOn'),
  usedAt: sheet.value('usedAt'),
  encounterId: sheet.value('encounterId'),
  patientId: sheet.value('patientId'),
});

export const chargeOfSheet = (id: string, sheet: Sheet): Content<EncounterCharge> => ({
  id,
  status: sheet.value<EncounterCharge['status']>('status') ?? 'billable',
  code: sheet.value('code'),
  quantity: sheet.value('quantity') ?? '1',
  encounterId: sheet.value('encounterId'),
  patientId: sheet.value('patientId'),
  renderedAt: sheet.value('renderedAt'),
  organization: sheet.value('organization'),
});
