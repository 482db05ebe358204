/** FHIR R4 ServiceRequest (§12.14), MedicationRequest (§11.1) and DeviceRequest (§12.11) → canonical. */
import type * as Fhir from '@medplum/fhirtypes';
import { ORDER_STATUS, type ClinicalOrder } from '@concord/canonical';
import { codingOf } from './coding.js';
import type { Content } from '../record.js';
import type { Context } from './context.js';
import { momentOf } from './moment.js';
import { idOf } from './reference-id.js';
import { medicationCode } from './supplies.js';

const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;

type Request = Fhir.ServiceRequest | Fhir.MedicationRequest | Fhir.DeviceRequest;

export function orderFromFhir(id: string, from: Request, context: Context): Content<ClinicalOrder> {
  return {
    id,
    ...specificsOf(from, context),
    status: statusOf(from.status),
    priority: PRIORITIES.find((known) => known === from.priority) ?? 'routine',
    encounterId: idOf(from.encounter, 'Encounter') ?? context.encounterId,
    patientId: idOf(from.subject, 'Patient'),
    practitionerId: idOf(from.requester, 'Practitioner', 'PractitionerRole'),
    orderedAt: momentOf(from.authoredOn),
  };
}

type Specifics = Pick<ClinicalOrder, 'kind' | 'code' | 'dueAt'>;

function specificsOf(from: Request, { lookup }: Context): Specifics {
  switch (from.resourceType) {
    case 'ServiceRequest':
      return {
        kind: 'service',
        code: codingOf(from.code),
        dueAt: momentOf(from.occurrencePeriod?.start ?? from.occurrenceDateTime),
      };
    case 'MedicationRequest':
      return { kind: 'medication', code: medicationCode(from, lookup) };
    case 'DeviceRequest':
      return {
        kind: 'device',
        code: codingOf(from.codeCodeableConcept),
        dueAt: momentOf(from.occurrencePeriod?.start ?? from.occurrenceDateTime),
      };
  }
}

/** MedicationRequest has words of its own: one that is stopped or cancelled is revoked. */
const statusOf = (status: string | undefined): ClinicalOrder['status'] =>
  status === 'stopped' || status === 'cancelled'
    ? 'revoked'
    : (ORDER_STATUS.find((known) => known === status) ?? 'unknown');
